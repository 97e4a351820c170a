package dev.sluice.dev.bench;

import dev.sluice.app.WorkerApp;
import dev.sluice.config.SluiceConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Several workers in this process that share the partitions, each with its API. */
final class QueryFleet implements AutoCloseable {
  private static final Duration START_MAX = Duration.ofSeconds(120);
  private static final String HOST = "127.0.0.1";

  private final List<WorkerApp> instances = new ArrayList<>();

  QueryFleet(Bench bench, String name, int workers) throws InterruptedException {
    try {
      for (int i = 0; i < workers; i++) {
        instances.add(start(bench, name, i));
      }
      for (var each : instances) {
        each.worker().awaitRunning(START_MAX);
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private static WorkerApp start(Bench bench, String name, int number) {
    var port = freePort();
    var config =
        bench.config(
            name,
            Map.of(
                "data.dir",
                bench.folder().resolve(name + number).toString(),
                "http.host",
                HOST,
                "http.port",
                Integer.toString(port),
                "http.advertised.address",
                HOST + ":" + port,
                "http.rate.per.second",
                "0"));
    return WorkerApp.start(config, List.of());
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new BenchException("no port is free: " + e, e);
    }
  }

  SluiceConfig config() {
    return instances.getFirst().config();
  }

  int size() {
    return instances.size();
  }

  /** Returns the URL of a worker, without a slash at the end. */
  String url(int worker) {
    return "http://" + HOST + ":" + instances.get(worker).port();
  }

  void failIfEnded() {
    instances.forEach(each -> each.worker().failIfEnded());
  }

  @Override
  public void close() {
    instances.parallelStream().forEach(WorkerApp::close);
  }
}
