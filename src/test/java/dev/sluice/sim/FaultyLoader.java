package dev.sluice.sim;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.pool.TypePool;

/** Loads Sluice and its simulation anew, with a fault woven in. */
final class FaultyLoader extends ClassLoader {
  private static final String OURS = "dev.sluice.";

  /** Generated; Avro finds them by name, with its own loader. */
  private static final String GENERATED = "dev.sluice.avro.";

  private static final ClassLoader HEALTHY = FaultyLoader.class.getClassLoader();

  private final Map<String, byte[]> faulty;

  /** With none at all. */
  FaultyLoader() {
    this(Map.of());
  }

  FaultyLoader(Fault fault) {
    this(Map.of(fault.type, woven(fault)));
  }

  private FaultyLoader(Map<String, byte[]> faulty) {
    super(HEALTHY);
    this.faulty = faulty;
  }

  private static byte[] woven(Fault fault) {
    var type = TypePool.Default.of(HEALTHY).describe(fault.type).resolve();
    var builder = new ByteBuddy().redefine(type, ClassFileLocator.ForClassLoader.of(HEALTHY));
    try (var made = fault.change.apply(builder).make()) {
      return made.getBytes();
    }
  }

  /** The invariant that the history of a seed breaks; null for none. */
  String brokenBy(long seed) throws ReflectiveOperationException {
    return simulation("brokenBy", seed);
  }

  /** Returns a description for people. */
  String reportOf(long seed) throws ReflectiveOperationException {
    return simulation("reportOf", seed);
  }

  private String simulation(String method, long seed) throws ReflectiveOperationException {
    var ours = loadClass(Simulation.class.getName()).getMethod(method, long.class);
    ours.setAccessible(true);
    return (String) ours.invoke(null, seed);
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(OURS) || name.startsWith(GENERATED)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      var loaded = findLoadedClass(name);
      return loaded == null ? define(name) : loaded;
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    var bytes = faulty.containsKey(name) ? faulty.get(name) : healthy(name);
    return defineClass(name, bytes, 0, bytes.length);
  }

  private static byte[] healthy(String name) throws ClassNotFoundException {
    try (InputStream in = HEALTHY.getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }
}
