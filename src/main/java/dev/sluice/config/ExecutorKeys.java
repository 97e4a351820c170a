package dev.sluice.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.types.Password;

/** Settings of the executor, which carries out commands on one platform. */
public final class ExecutorKeys {
  static final SettingGroup GROUP = new SettingGroup("Executor");

  /** Value of a template that does not exist. */
  public static final String NONE = "none";

  private static final long DAY_MS = 86_400_000;
  private static final String[] CASES = {"exact", "upper", "lower"};

  public static final Setting<String> PLATFORM =
      GROUP
          .text("executor.platform", null)
          .allowed(SettingValidator.anything("the name of a platform"))
          .doc(
              "The platform on which commands are carried out: `postgresql`, `h2`, `mariadb`,"
                  + " `snowflake`, `databricks`, `redshift`, `bigquery`, `trino`, `synapse`, or the"
                  + " name of one in `executor.drivers.dir`. [Platforms](executor.md#platforms).");

  public static final Setting<List<String>> SOURCE_TYPES =
      GROUP
          .list("executor.source.types", null)
          .allowed(SettingValidator.listOf("source types", Pattern.compile("\\S.*")))
          .orElse(List.of())
          .doc(
              "The source types whose commands this executor carries out, separated by commas, as"
                  + " products spell them.");

  public static final Setting<String> URL =
      GROUP
          .text("executor.jdbc.url", null)
          .allowed(SettingValidator.anything("a JDBC URL"))
          .doc(
              "The JDBC URL of the platform. It must encrypt the connection unless the network"
                  + " does. Its parameters are hidden wherever settings are shown.");

  public static final Setting<String> USER =
      GROUP
          .text("executor.jdbc.user", null)
          .allowed(SettingValidator.anything("the name of a user"))
          .doc("The executor's user on the platform. It should be used by nobody else.");

  public static final Setting<Password> PASSWORD =
      GROUP.secret("executor.jdbc.password").doc("The password of that user.");

  public static final Setting<List<String>> PROPERTIES =
      GROUP
          .list("executor.jdbc.properties", null)
          .allowed(
              SettingValidator.listOf(
                  "properties like region=region-eu, separated by commas",
                  Pattern.compile("[^=\\s]+=.*")))
          .orElse(List.of())
          .doc("More properties for the driver, each `name=value`, separated by commas.");

  public static final Setting<Path> DRIVERS_DIR =
      GROUP
          .text("executor.drivers.dir", "./drivers")
          .allowed(SettingValidator.anything("the path of a folder"))
          .as(Path::of)
          .doc(
              "The folder with the jar of the JDBC driver, and of other platforms. Sluice itself"
                  + " ships no driver.");

  public static final Setting<Duration> STATEMENT_TIMEOUT =
      GROUP
          .millis("executor.statement.timeout.ms", 30_000)
          .between(1_000, 120_000)
          .doc("Longest time of one statement, in milliseconds.");

  public static final Setting<String> GRANT_BY =
      GROUP
          .text("executor.grant.by", "user")
          .oneOf("user", "role")
          .doc(
              "How access is given: `user` grants the object to each user; `role` makes a role for"
                  + " each source, and users its members. Roles avoid the platform's limit of"
                  + " grants on one object, and make clear which access is Sluice's.");

  public static final Setting<Boolean> SCHEMA_USAGE =
      GROUP
          .flag("executor.schema.usage", false)
          .doc(
              "Whether a GRANT also gives the right to use the schema, database or catalog around"
                  + " the object. A REVOKE does not take that right, since other sources may need"
                  + " it. With `false`, a user without it is reported where the platform shows"
                  + " it.");

  public static final Setting<String> REVOKE_CHECK =
      GROUP
          .text("executor.revoke.check", "effective")
          .oneOf("effective", "own")
          .doc(
              "When a REVOKE is confirmed: `effective` when the user cannot read the source in any"
                  + " way that the platform shows; `own` when Sluice's own grant is gone.");

  public static final Setting<String> EXISTING =
      GROUP
          .text("executor.existing.grants", "keep")
          .oneOf("keep", "adopt")
          .doc(
              "What to do with a grant that was there before the executor's: `keep` never takes"
                  + " it, and reports its REVOKE as NEEDS_PERSON; `adopt` takes it for Sluice's."
                  + " Use `adopt` for the time in which the executor replaces another program that"
                  + " carried out the same commands.");

  public static final Setting<String> SOURCE_TEMPLATE =
      GROUP
          .text("executor.source.template", "{sourceId}")
          .doc(
              "The object's name on the platform, with dots between its parts and `{sourceId}`"
                  + " once, such as `analytics.{sourceId}`. `none`: only the mapping file has"
                  + " names.");

  public static final Setting<String> SOURCE_CASE =
      GROUP
          .text("executor.source.case", "exact")
          .oneOf(CASES)
          .doc(
              "The case of the id in that name: `exact`, `upper` (for ids in lower case only) or"
                  + " `lower` (for ids in upper case only).");

  public static final Setting<String> USER_TEMPLATE =
      GROUP
          .text("executor.user.template", "{userId}")
          .doc(
              "The user's name on the platform, with `{userId}` once, such as"
                  + " `{userId}@example.com`. `none`: only the mapping file has names.");

  public static final Setting<String> USER_CASE =
      GROUP
          .text("executor.user.case", "exact")
          .oneOf(CASES)
          .doc("The case of the id in that name, as for sources.");

  public static final Setting<String> ROLE_TEMPLATE =
      GROUP
          .text("executor.role.template", "sluice_{sourceId}")
          .doc(
              "The role of a source, for `executor.grant.by=role`, with `{sourceId}` once, after a"
                  + " prefix that no other role has.");

  public static final Setting<Path> NAMES_FILE =
      GROUP
          .file("executor.names.file")
          .doc(
              "The mapping file, with names that the templates do not give"
                  + " ([form](executor.md#names)). It is read again when it changes.");

  public static final Setting<Integer> BATCH_MAX =
      GROUP
          .integer("executor.batch.max", 100)
          .between(1, 1_000)
          .doc("Most users of one source that are granted or revoked together.");

  public static final Setting<Duration> RETRY_MIN =
      GROUP
          .millis("executor.retry.min.ms", 1_000)
          .between(10, 3_600_000)
          .doc(
              "Wait after the first failure that passes by itself, in milliseconds. It doubles with"
                  + " each further one.");

  public static final Setting<Duration> RETRY_MAX =
      GROUP
          .millis("executor.retry.max.ms", 300_000)
          .between(10, DAY_MS)
          .doc("Longest such wait, in milliseconds; at least the first one.");

  public static final Setting<Duration> PERSON_RETRY =
      GROUP
          .millis("executor.person.retry.ms", 600_000)
          .between(1_000, DAY_MS)
          .doc("Wait after a failure that needs a person, in milliseconds.");

  public static final Setting<Duration> USER_GRACE =
      GROUP
          .millis("executor.user.grace.ms", 600_000)
          .between(0, DAY_MS)
          .doc(
              "How long a user may be missing on the platform, in milliseconds, before that needs a"
                  + " person: directories pass on new users with a delay.");

  public static final Setting<Integer> BRAKE_REVOKES =
      GROUP
          .integer("executor.brake.revokes", 500)
          .between(0, Integer.MAX_VALUE)
          .doc(
              "Most revokes of one source within `executor.brake.window.ms` that are carried out"
                  + " without a person, if their reason is SOURCE_REMOVED, PRODUCT_DELETED,"
                  + " ACCESS_REVOKED or USER_DEACTIVATED. More are HELD. 0: no limit. Suspensions"
                  + " and expiries are never held.");

  public static final Setting<Integer> BRAKE_PLATFORM_REVOKES =
      GROUP
          .integer("executor.brake.platform.revokes", 5_000)
          .between(0, Integer.MAX_VALUE)
          .doc(
              "The same for all sources of the platform together. A user who loses several sources"
                  + " by ACCESS_REVOKED or USER_DEACTIVATED counts once. 0: no limit.");

  public static final Setting<Integer> BRAKE_SHARE =
      GROUP
          .integer("executor.brake.share.percent", 0)
          .between(0, 100)
          .doc(
              "Largest part of a source's users, in percent, that may lose access within the window"
                  + " without a person; it counts from 20 users on. 0: no limit.");

  public static final Setting<Duration> BRAKE_WINDOW =
      GROUP
          .millis("executor.brake.window.ms", 600_000)
          .between(1_000, DAY_MS)
          .doc("The window in which revokes are counted, in milliseconds.");

  public static final Setting<Duration> BRAKE_SETTLE =
      GROUP
          .millis("executor.brake.settle.ms", 2_000)
          .between(0, 600_000)
          .doc(
              "How long a revoke of such a reason waits, in milliseconds, so that all of a large"
                  + " change are counted before the first is carried out.");

  private ExecutorKeys() {}
}
