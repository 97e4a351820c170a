package dev.sluice.rights;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * All Kafka rights of all roles, each with its purpose. docs/security.md is generated from them,
 * the start checks the worker's, and a test removes each.
 */
public enum Right {
  /** The input. */
  READ_EVENTS(
      Role.WORKER,
      ResourceType.TOPIC,
      PatternType.LITERAL,
      AclOperation.READ,
      "reads the events",
      Right.EVENTS,
      Right.USER_EVENTS),
  /** The outputs. */
  WRITE_OUTPUTS(
      Role.WORKER,
      ResourceType.TOPIC,
      PatternType.LITERAL,
      AclOperation.WRITE,
      "writes commands, statuses and rejected events",
      Right.COMMANDS,
      Right.PRODUCTS,
      Right.REQUESTS,
      Right.REJECTED),
  /** Origin of the outputs. */
  READ_OUTPUTS(
      Role.WORKER,
      ResourceType.TOPIC,
      PatternType.LITERAL,
      AclOperation.READ,
      "checks at the start whether another application.id has written to them, and in which epoch",
      Right.COMMANDS,
      Right.PRODUCTS,
      Right.REQUESTS,
      Right.REJECTED),
  /** Settings of public topics. */
  DESCRIBE_TOPICS(
      Role.WORKER,
      ResourceType.TOPIC,
      PatternType.LITERAL,
      AclOperation.DESCRIBE_CONFIGS,
      "checks at the start that their settings lose nothing and allow large records",
      Right.EVENTS,
      Right.USER_EVENTS,
      Right.COMMANDS,
      Right.PRODUCTS,
      Right.REQUESTS,
      Right.REJECTED),
  /** Missing public topics. */
  CREATE_TOPICS(
      Role.WORKER,
      ResourceType.TOPIC,
      PatternType.LITERAL,
      AclOperation.CREATE,
      "creates missing topics; not needed if they are created beforehand",
      Right.EVENTS,
      Right.USER_EVENTS,
      Right.COMMANDS,
      Right.PRODUCTS,
      Right.REQUESTS,
      Right.REJECTED),
  /** State, and records between the stages. */
  READ_STATE(
      Role.WORKER,
      ResourceType.TOPIC,
      PatternType.PREFIXED,
      AclOperation.READ,
      "restores its state, and reads the records between its stages",
      Right.INTERNAL),
  /** State, and records between the stages. */
  WRITE_STATE(
      Role.WORKER,
      ResourceType.TOPIC,
      PatternType.PREFIXED,
      AclOperation.WRITE,
      "stores its state, and writes the records between its stages",
      Right.INTERNAL),
  /** Changelogs that another program created again. */
  DESCRIBE_STATE(
      Role.WORKER,
      ResourceType.TOPIC,
      PatternType.PREFIXED,
      AclOperation.DESCRIBE_CONFIGS,
      "checks at the start that no changelog deletes records",
      Right.INTERNAL),
  /** Missing internal topics. */
  CREATE_STATE(
      Role.WORKER,
      ResourceType.TOPIC,
      PatternType.PREFIXED,
      AclOperation.CREATE,
      "creates its internal topics at the first start",
      Right.INTERNAL),
  /** Records between the stages that were read. */
  PURGE_UPDATES(
      Role.WORKER,
      ResourceType.TOPIC,
      PatternType.LITERAL,
      AclOperation.DELETE,
      "deletes records that it has read itself; without it they are kept forever",
      Right.INTERNAL + "access-updates-repartition"),
  /** Offsets in the input. */
  READ_AS_WORKERS(
      Role.WORKER,
      ResourceType.GROUP,
      PatternType.LITERAL,
      AclOperation.READ,
      "shares the work in a group, and stores its offsets in the input",
      Right.APPLICATION),
  /** Exactly-once. */
  WRITE_TRANSACTIONS(
      Role.WORKER,
      ResourceType.TRANSACTIONAL_ID,
      PatternType.PREFIXED,
      AclOperation.WRITE,
      "commits its output and offsets in one transaction",
      Right.INTERNAL),
  /** Events. */
  WRITE_EVENTS(
      Role.PRODUCER,
      ResourceType.TOPIC,
      PatternType.LITERAL,
      AclOperation.WRITE,
      "publishes events",
      Right.EVENTS),
  /** Events about users. */
  WRITE_USER_EVENTS(
      Role.USER_PRODUCER,
      ResourceType.TOPIC,
      PatternType.LITERAL,
      AclOperation.WRITE,
      "publishes events about users",
      Right.USER_EVENTS),
  /** Events that come over HTTP. */
  TAKE_EVENTS(
      Role.INTAKE,
      ResourceType.TOPIC,
      PatternType.LITERAL,
      AclOperation.WRITE,
      "writes the events of `POST /v1/events` for their senders",
      Right.EVENTS,
      Right.USER_EVENTS),
  /** All events of a call, or none. */
  TAKE_EVENTS_TOGETHER(
      Role.INTAKE,
      ResourceType.TRANSACTIONAL_ID,
      PatternType.PREFIXED,
      AclOperation.WRITE,
      "writes all events of a call, or none; included in the worker's right to its transactional"
          + " ids",
      Right.INTERNAL + "intake-"),
  /** Commands. */
  READ_COMMANDS(
      Role.CONSUMER,
      ResourceType.TOPIC,
      PatternType.LITERAL,
      AclOperation.READ,
      "reads the commands",
      Right.COMMANDS),
  /** Offsets in the commands. */
  READ_AS_CONSUMER(
      Role.CONSUMER,
      ResourceType.GROUP,
      PatternType.LITERAL,
      AclOperation.READ,
      "stores its offsets in the commands; not needed by `sluice watch`",
      Right.GROUP),
  /** Commands and results. */
  READ_DELIVERY_INPUTS(
      Role.DELIVERY,
      ResourceType.TOPIC,
      PatternType.LITERAL,
      AclOperation.READ,
      "joins the commands with their results",
      Right.COMMANDS,
      Right.RESULTS),
  /** Outstanding commands. */
  WRITE_DELIVERIES(
      Role.DELIVERY,
      ResourceType.TOPIC,
      PatternType.LITERAL,
      AclOperation.WRITE,
      "writes the commands that are not confirmed",
      Right.DELIVERIES),
  /** Settings of delivery's topics. */
  DESCRIBE_DELIVERY_TOPICS(
      Role.DELIVERY,
      ResourceType.TOPIC,
      PatternType.LITERAL,
      AclOperation.DESCRIBE_CONFIGS,
      "checks at the start that their settings lose nothing",
      Right.COMMANDS,
      Right.RESULTS,
      Right.DELIVERIES),
  /** Missing topics of delivery. */
  CREATE_DELIVERY_TOPICS(
      Role.DELIVERY,
      ResourceType.TOPIC,
      PatternType.LITERAL,
      AclOperation.CREATE,
      "creates missing topics; not needed if they are created beforehand",
      Right.COMMANDS,
      Right.RESULTS,
      Right.DELIVERIES),
  /** Delivery's state. */
  READ_DELIVERY_STATE(
      Role.DELIVERY,
      ResourceType.TOPIC,
      PatternType.PREFIXED,
      AclOperation.READ,
      "restores its state",
      Right.DELIVERY_INTERNAL),
  /** Delivery's state. */
  WRITE_DELIVERY_STATE(
      Role.DELIVERY,
      ResourceType.TOPIC,
      PatternType.PREFIXED,
      AclOperation.WRITE,
      "stores its state",
      Right.DELIVERY_INTERNAL),
  /** Missing changelogs of delivery. */
  CREATE_DELIVERY_STATE(
      Role.DELIVERY,
      ResourceType.TOPIC,
      PatternType.PREFIXED,
      AclOperation.CREATE,
      "creates its internal topics at the first start",
      Right.DELIVERY_INTERNAL),
  /** Delivery's offsets. */
  READ_AS_DELIVERY(
      Role.DELIVERY,
      ResourceType.GROUP,
      PatternType.LITERAL,
      AclOperation.READ,
      "shares the work in a group, and stores its offsets in the input",
      Right.DELIVERY_APPLICATION),
  /** Exactly-once. */
  WRITE_DELIVERY_TRANSACTIONS(
      Role.DELIVERY,
      ResourceType.TRANSACTIONAL_ID,
      PatternType.PREFIXED,
      AclOperation.WRITE,
      "commits its output and offsets in one transaction",
      Right.DELIVERY_INTERNAL),
  /** Results. */
  WRITE_RESULTS(
      Role.RESULTS,
      ResourceType.TOPIC,
      PatternType.LITERAL,
      AclOperation.WRITE,
      "writes what became of the commands that it carries out",
      Right.RESULTS),
  /** Outstanding commands. */
  READ_DELIVERIES(
      Role.DELIVERY_READER,
      ResourceType.TOPIC,
      PatternType.LITERAL,
      AclOperation.READ,
      "reads the commands that are not confirmed",
      Right.DELIVERIES),
  /** Rejected events. */
  READ_REJECTED(
      Role.OPERATOR,
      ResourceType.TOPIC,
      PatternType.LITERAL,
      AclOperation.READ,
      "reads rejected events with `sluice watch --rejected`",
      Right.REJECTED);

  /** Placeholder for topic.prefix. */
  static final String PREFIX = "TOPIC_PREFIX";

  /** Placeholder for application.id. */
  static final String APPLICATION = "APPLICATION_ID";

  /** Placeholder for a consumer's group. */
  static final String GROUP = "CONSUMER_GROUP";

  static final String EVENTS = PREFIX + "product-events";
  static final String USER_EVENTS = PREFIX + "user-events";
  private static final String COMMANDS = PREFIX + "access-commands";
  private static final String PRODUCTS = PREFIX + "product-status";
  private static final String REQUESTS = PREFIX + "request-status";
  private static final String REJECTED = PREFIX + "rejected-events";

  private static final String RESULTS = PREFIX + "access-results";
  private static final String DELIVERIES = PREFIX + "access-delivery";

  /** Prefix of internal topics and transactional ids. */
  private static final String INTERNAL = APPLICATION + "-";

  /** Delivery's application.id. */
  private static final String DELIVERY_APPLICATION = APPLICATION + "-delivery";

  private static final String DELIVERY_INTERNAL = DELIVERY_APPLICATION + "-";

  /** Role that needs the right; each should have its own Kafka user. */
  public enum Role {
    /** All workers of one application.id. */
    WORKER("the worker"),
    /** Producers of events. */
    PRODUCER("the publisher of events"),
    /** Producers of events about users, such as a directory. */
    USER_PRODUCER("the publisher of events about users"),
    /** Workers with event intake over HTTP, in addition to their own rights. */
    INTAKE("the worker, if events come over HTTP"),
    /** Consumers of commands. */
    CONSUMER("the reader of commands"),
    /** Delivery; in a worker's process, the worker's user has these rights too. */
    DELIVERY("delivery"),
    /** Those who carry out commands, in addition to reading them. */
    RESULTS("the writer of results"),
    /** Readers of what is not confirmed. */
    DELIVERY_READER("the reader of deliveries"),
    /** Operators who inspect rejected events. */
    OPERATOR("the reader of rejected events");

    private final String text;

    Role(String text) {
      this.text = text;
    }

    /** Returns the name for use in a sentence. */
    public String text() {
      return text;
    }
  }

  private final Role role;
  private final ResourceType type;
  private final PatternType pattern;
  private final AclOperation operation;
  private final String why;
  private final List<String> names;

  Right(
      Role role,
      ResourceType type,
      PatternType pattern,
      AclOperation operation,
      String why,
      String... names) {
    this.role = role;
    this.type = type;
    this.pattern = pattern;
    this.operation = operation;
    this.why = why;
    this.names = List.of(names);
  }

  /** Returns the role that needs the right. */
  public Role role() {
    return role;
  }

  /** Returns the type of the resource. */
  public ResourceType type() {
    return type;
  }

  /** Returns the operation. */
  public AclOperation operation() {
    return operation;
  }

  /** Returns the purpose as text. */
  String why() {
    return why;
  }

  boolean isPrefixed() {
    return pattern == PatternType.PREFIXED;
  }

  /** Returns the resources as in Kafka's ACLs. */
  public List<ResourcePattern> resources(RightNames in) {
    return names.stream().map(name -> new ResourcePattern(type, in.in(name), pattern)).toList();
  }

  /** Returns the names; a name that ends with * is a prefix. */
  List<String> patterns(RightNames in) {
    return resources(in).stream().map(r -> r.name() + (isPrefixed() ? "*" : "")).toList();
  }

  /** Returns whether the right covers a topic. */
  boolean covers(String topic, RightNames in) {
    return type == ResourceType.TOPIC
        && resources(in).stream()
            .anyMatch(r -> isPrefixed() ? topic.startsWith(r.name()) : topic.equals(r.name()));
  }

  /** Returns an error text: the missing right, its purpose and the remedy. */
  public String lacked(RightNames in, String bootstrapServers, List<String> of) {
    return "the Kafka user of %s lacks the right %s to %s %s (%s); grant it: %s"
        .formatted(
            role.text(),
            operation,
            typeText(),
            String.join(", ", of.isEmpty() ? patterns(in) : of),
            why,
            command(bootstrapServers, "User:NAME", in, List.of(this)));
  }

  private String typeText() {
    return type.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** Returns the command that grants rights to the same resources. */
  static String command(
      String bootstrapServers, String principal, RightNames in, List<Right> rights) {
    var right = rights.getFirst();
    var arguments = new ArrayList<String>();
    arguments.add("kafka-acls.sh --bootstrap-server " + bootstrapServers + " --add");
    arguments.add("--allow-principal " + principal);
    rights.forEach(r -> arguments.add("--operation " + spelt(r.operation)));
    var option = "--" + right.type.name().toLowerCase(Locale.ROOT).replace('_', '-');
    right.resources(in).forEach(r -> arguments.add(option + " " + r.name()));
    if (right.isPrefixed()) {
      arguments.add("--resource-pattern-type prefixed");
    }
    return String.join(" ", arguments);
  }

  /** Returns the operation as kafka-acls.sh spells it: DescribeConfigs. */
  private static String spelt(AclOperation operation) {
    return Arrays.stream(operation.name().split("_"))
        .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
        .collect(Collectors.joining());
  }
}
