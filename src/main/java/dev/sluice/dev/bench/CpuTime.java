package dev.sluice.dev.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * CPU time used so far.
 *
 * @param streamNs of the stream threads of one application in this process, in nanoseconds: without
 *     the threads of their producers and consumers
 * @param processNs of the whole process, in nanoseconds: broker, worker, clients, collector and
 *     compiler
 */
record CpuTime(long streamNs, long processNs) {
  private static final Pattern STREAM_THREAD = Pattern.compile(".*-StreamThread-\\d+");

  /**
   * Returns the time so far.
   *
   * @param applicationId of the stream threads
   */
  static CpuTime now(String applicationId) {
    var threads = ManagementFactory.getThreadMXBean();
    var streamNs =
        Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
            .filter(Objects::nonNull)
            .filter(thread -> isStreamThread(thread.getThreadName(), applicationId))
            .mapToLong(thread -> Math.max(0, threads.getThreadCpuTime(thread.getThreadId())))
            .sum();
    var process =
        ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    return new CpuTime(streamNs, Math.max(0, process));
  }

  /** Returns whether a thread is a stream thread itself, not one of its clients. */
  static boolean isStreamThread(String thread, String applicationId) {
    return thread.startsWith(applicationId + "-") && STREAM_THREAD.matcher(thread).matches();
  }

  /** Returns the time used since an earlier moment. */
  CpuTime since(CpuTime before) {
    return new CpuTime(streamNs - before.streamNs, processNs - before.processNs);
  }
}
