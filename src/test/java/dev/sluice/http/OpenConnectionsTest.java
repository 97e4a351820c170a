package dev.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Choice of the connection that is closed when another one comes. */
class OpenConnectionsTest {
  private final OpenConnections<String> open = new OpenConnections<>(8);
  private final List<String> closed = new ArrayList<>();
  private int number;

  /** Opens a connection, and closes the one that is to be closed. */
  private @Nullable String open(String address) {
    var connection = address + '-' + number++;
    var giving = open.add(connection, address, number);
    if (giving != null) {
      open.remove(giving);
      closed.add(giving);
    }
    return connection.equals(giving) ? null : connection;
  }

  @Test
  void oneAddressHasHalfOfThePlacesAndTheNextHalfOfTheRest() {
    for (int i = 0; i < 6; i++) {
      open("a");
    }
    assertThat(closed).containsExactly("a-0", "a-1");
    assertThat(open("b")).isNotNull();
    assertThat(open("b")).isNotNull();
    assertThat(open.size()).isEqualTo(6);
  }

  @Test
  void aProbeGetsInWhereIdleConnectionsHaveAllPlaces() {
    for (var address : List.of("a", "a", "a", "a", "b", "b", "c", "d")) {
      assertThat(open(address)).isNotNull();
    }
    assertThat(open("probe")).isNotNull();
    assertThat(closed).containsExactly("a-0");
    assertThat(open.size()).isEqualTo(8);
    assertThat(open("other")).isNotNull();
    assertThat(closed).containsExactly("a-0", "a-1");
  }

  @Test
  void aConnectionWithARequestGivesWayToNone() {
    for (int i = 0; i < 4; i++) {
      open("a");
      open.turn("a-" + i, true, 0);
    }
    for (var address : List.of("b", "b", "c", "d")) {
      assertThat(open(address)).isNotNull();
    }
    assertThat(open("probe")).isNotNull();
    assertThat(closed).containsExactly("b-4");
    open.turn("a-0", false, 0);
    assertThat(open("other")).isNotNull();
    assertThat(closed).containsExactly("b-4", "a-0");
  }

  @Test
  void aNetworkOfIpv6CountsAsOneAddress() throws Exception {
    assertThat(ConnectionLimits.address(InetAddress.getByName("2001:db8::1")))
        .isEqualTo(ConnectionLimits.address(InetAddress.getByName("2001:db8::ffff:2")))
        .isNotEqualTo(ConnectionLimits.address(InetAddress.getByName("2001:db8:0:1::1")));
    assertThat(ConnectionLimits.address(InetAddress.getByName("10.0.0.1")))
        .isNotEqualTo(ConnectionLimits.address(InetAddress.getByName("10.0.0.2")));
  }

  @Test
  void aDirectionStallsWhereTooLittlePassesWhileItIsWaitedFor() {
    var transferPace = new TransferPace(10);
    assertThat(transferPace.isStalled(true, 0, 0)).isFalse();
    assertThat(transferPace.isStalled(true, 9_999, 10)).isFalse();
    assertThat(transferPace.isStalled(true, 9_999, 11)).isTrue();
    assertThat(transferPace.isStalled(true, 10_000, 11)).isFalse();
    assertThat(transferPace.isStalled(true, 10_001, 22)).isTrue();
    assertThat(transferPace.isStalled(false, 10_001, 23)).isFalse();
    assertThat(transferPace.isStalled(true, 10_001, 40)).isFalse();
  }

  @Test
  void shouldCloseAnotherOneForEachNewConnection() {
    var all = new OpenConnections<String>(8);
    for (int i = 1; i <= 4; i++) {
      assertThat(all.add("c" + i, "a", i)).isNull();
    }

    // None of them reports its end meanwhile.
    assertThat(all.add("c5", "a", 5)).isEqualTo("c1");
    assertThat(all.add("c6", "a", 6)).isEqualTo("c2");
    assertThat(all.size()).isEqualTo(4);
  }
}
