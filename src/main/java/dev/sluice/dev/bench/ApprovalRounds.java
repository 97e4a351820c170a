package dev.sluice.dev.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/** Results of the counted rounds of {@link Approvals}. */
final class ApprovalRounds {
  private final int approvals;
  private final double[] rates;
  private final double[] bareCommands;
  private final double[] ratios;
  private final double[] recordRates;
  private final double[] bareRecords;
  private final double[] recordRatios;
  private final double[] floors;
  private final double[] floorRatios;
  private final CpuOfRounds cpu;
  private final CpuOfRounds floorCpu;
  private long commandsOfAll;
  private long recordsOfAll;
  private int done;
  private int floorsDone;

  /**
   * Creates the results.
   *
   * @param approvals number of approvals in each round
   */
  ApprovalRounds(int count, int approvals) {
    this.approvals = approvals;
    rates = new double[count];
    bareCommands = new double[count];
    ratios = new double[count];
    recordRates = new double[count];
    bareRecords = new double[count];
    recordRatios = new double[count];
    floors = new double[count];
    floorRatios = new double[count];
    cpu = new CpuOfRounds(count);
    floorCpu = new CpuOfRounds(count);
  }

  /**
   * Adds a round.
   *
   * @param seconds from the first approval until the last command is readable
   * @param commands number of commands
   * @param records number of all records that the worker wrote
   * @param used CPU time of the worker's part of the round
   * @param bareCommandRate commands per second of the bare producer
   * @param bareRecordRate records of all kinds per second of the bare producer
   */
  void add(
      double seconds,
      long commands,
      long records,
      CpuTime used,
      double bareCommandRate,
      double bareRecordRate) {
    rates[done] = approvals / seconds;
    bareCommands[done] = bareCommandRate;
    ratios[done] = commands / seconds / bareCommandRate;
    recordRates[done] = records / seconds;
    bareRecords[done] = bareRecordRate;
    recordRatios[done] = records / seconds / bareRecordRate;
    cpu.add(used, approvals);
    commandsOfAll += commands;
    recordsOfAll += records;
    done++;
  }

  /** Adds the floor of the last round. */
  void addFloor(Floor.Rate floor) {
    floors[floorsDone] = floor.inputs();
    floorRatios[floorsDone] = rates[floorsDone] / floor.inputs();
    floorCpu.add(floor.cpu(), approvals);
    floorsDone++;
  }

  /** Returns the last round as text. */
  String last() {
    var i = done - 1;
    var text =
        "approvals, round %d of %d: %,.0f approvals/s, %,.0f commands/s, bare %,.0f/s; ratio %.2f; "
                .formatted(
                    done,
                    rates.length,
                    rates[i],
                    ratios[i] * bareCommands[i],
                    bareCommands[i],
                    ratios[i])
            + "%,.0f records/s, bare %,.0f/s; ratio %.2f; %s"
                .formatted(recordRates[i], bareRecords[i], recordRatios[i], cpu.last("approval"));
    return floorsDone < done
        ? text
        : text
            + "; Streams without work: %,.0f inputs/s; ratio %.2f; %s"
                .formatted(floors[i], floorRatios[i], floorCpu.last("input"));
  }

  /** Returns the results besides the ratio of commands, by name. */
  Map<String, Object> found() {
    var found = new LinkedHashMap<String, Object>();
    var all = (double) approvals * done;
    found.put("commandsPerApproval", commandsOfAll / all);
    found.put("bareUnit", "commands/s");
    found.put("recordsPerApproval", recordsOfAll / all);
    found.put("recordsPerSecond", values(recordRates));
    found.put("bareRecordsPerSecond", values(bareRecords));
    found.put("ratioRecords", values(recordRatios));
    found.putAll(cpu.found("streamCpuUsPerApproval", "processCpuUsPerApproval"));
    if (floorsDone > 0) {
      found.put("floorInputsPerSecond", values(floors));
      found.put("ratioFloor", values(floorRatios));
      found.putAll(floorCpu.found("floorStreamCpuUsPerInput", "floorProcessCpuUsPerInput"));
    }
    return found;
  }

  private static Map<String, Double> values(double[] rounds) {
    return Figures.ofRounds(rounds).values();
  }

  /** Returns the measurement of all rounds. */
  Measurement measurement(String name, int sources, Map<String, Object> more) {
    return new Measurement(
        name,
        Measurement.SLUICE,
        approvals,
        sources,
        done,
        "approvals/s",
        Figures.ofRounds(bareCommands),
        Figures.ofRounds(rates),
        Figures.ofRounds(ratios),
        more);
  }
}
