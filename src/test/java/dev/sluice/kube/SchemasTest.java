package dev.sluice.kube;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class SchemasTest {
  private static final Path FILE = Path.of("deploy/kubernetes/base/statefulset.yaml");

  private final ObjectNode set;
  private final ObjectNode container;

  SchemasTest() throws IOException {
    set = (ObjectNode) Manifests.read(FILE);
    container = (ObjectNode) set.at("/spec/template/spec/containers/0");
  }

  @Test
  void shouldFindNothingWrongWithoutAMistake() {
    assertThat(Schemas.problems(set)).isEmpty();
  }

  @Test
  void shouldFindAFieldThatThereIsNot() {
    container.put("imagePullPolice", "Always");

    assertThat(problem()).contains("imagePullPolice").contains("V1Container");
  }

  @Test
  void shouldFindAFieldInTheWrongPlace() {
    ((ObjectNode) set.path("spec")).put("terminationGracePeriodSeconds", 30);

    assertThat(problem()).contains("terminationGracePeriodSeconds").contains("V1StatefulSetSpec");
  }

  @Test
  void shouldFindThatARequiredFieldIsMissing() {
    container.remove("name");

    assertThat(problem()).contains("required field `name`");
  }

  @Test
  void shouldFindATextWhereANumberBelongs() {
    ((ObjectNode) set.path("spec")).put("replicas", "3");

    assertThat(problem())
        .isEqualTo("apps/v1/StatefulSet.spec.replicas: written as \"3\", understood as 3");
  }

  @Test
  void shouldFindANumberWhereATextBelongs() {
    ((ObjectNode) container.at("/env/1")).put("value", 8080);

    assertThat(problem()).contains("env[1].value: written as 8080, understood as \"8080\"");
  }

  @Test
  void shouldFindABooleanWhereATextBelongs() {
    ((ObjectNode) set.at("/spec/template/metadata/annotations")).put("prometheus.io/scrape", true);

    assertThat(problem()).contains("written as true, understood as \"true\"");
  }

  @Test
  void shouldFindOneThingWhereSeveralBelong() {
    container.put("args", "run");

    assertThat(problem()).contains("`args` to be an array");
  }

  @Test
  void shouldFindASizeThatIsNone() {
    ((ObjectNode) container.at("/resources/limits")).put("memory", "1 gigabyte");

    assertThat(problem()).contains("quantity: 1 g");
  }

  @Test
  void shouldFindAnUnknownFieldInEveryCornerOfAList() {
    ((ObjectNode) ((ArrayNode) container.path("volumeMounts")).get(1)).put("mountpath", "/tmp");

    assertThat(problem()).contains("mountpath").contains("V1VolumeMount");
  }

  @Test
  void shouldNotLetAKindPassThatItDoesNotKnow() {
    set.put("apiVersion", "apps/v1beta1");

    assertThat(problem()).contains("no schema");
  }

  private String problem() {
    List<String> problems = Schemas.problems(set);
    assertThat(problems).hasSize(1);
    return problems.getFirst();
  }
}
