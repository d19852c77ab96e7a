package dev.converge.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Runs figures. Called by bench/run.sh, which has installed and built what is needed. */
final class BenchMain {
  private static final List<Figure> FIGURES =
      List.of(
          ThroughputFigure.plain(),
          ThroughputFigure.tls(),
          new LatencyFigure(),
          new SetUpFigure(),
          new GrowthFigure(),
          new SshFigure(),
          new KeystrokeFigure(),
          new DelayFigure(),
          new MemoryFigure());

  private BenchMain() {}

  /**
   * Measures and reports; exits with 1 if a figure failed, 2 if there is no such figure.
   *
   * @param args the checkout, a directory for temporary files, one for results, rounds, whether it
   *     is to be quick, and the figures; none for all
   */
  public static void main(String[] args) throws Exception {
    Settings settings =
        new Settings(
            Path.of(args[0]),
            Path.of(args[2]),
            Integer.parseInt(args[3]),
            Boolean.parseBoolean(args[4]));
    List<String> names = Arrays.asList(args).subList(5, args.length);
    List<Figure> figures = figures(names);
    Results results = new Results();
    boolean whole;
    try (Scene scene = Scene.in(Path.of(args[1]))) {
      warm(settings, scene);
      whole = measure(new Bench(settings, scene, results), figures);
    }
    String command =
        Stream.concat(Stream.of("bench/run.sh"), names.stream()).collect(Collectors.joining(" "));
    new Report(settings, results, command).write();
    System.out.print(Files.readString(settings.out().resolve("table.txt")));
    System.exit(whole ? 0 : 1);
  }

  private static List<Figure> figures(List<String> names) {
    List<Figure> chosen = new ArrayList<>();
    for (String name : names) {
      chosen.add(
          FIGURES.stream()
              .filter(figure -> figure.name().equals(name))
              .findFirst()
              .orElseGet(() -> refuse(name)));
    }
    return names.isEmpty() ? FIGURES : chosen;
  }

  private static Figure refuse(String name) {
    System.err.println("bench: no figure '" + name + "'; there are:");
    FIGURES.forEach(figure -> System.err.printf("  %-12s %s%n", figure.name(), figure.purpose()));
    System.exit(2);
    throw new AssertionError();
  }

  /** Lets each program make its archive of classes, as the first start of a user does. */
  private static void warm(Settings settings, Scene scene) throws Exception {
    for (String program : List.of("relay", "agent", "wsproxy")) {
      Command.run(settings.program(program), "--version");
    }
    scene.awaitArchives(3);
  }

  /** Every figure begins with an empty scene, and one that fails leaves the others alone. */
  private static boolean measure(Bench bench, List<Figure> figures) {
    boolean whole = true;
    for (Figure figure : figures) {
      bench.progress(figure.name() + ": " + figure.purpose());
      try {
        figure.measure(bench);
      } catch (Exception e) {
        whole = false;
        bench.results().remark(figure.name() + ": failed: " + e);
        e.printStackTrace();
      }
      bench.scene().endAll();
    }
    return whole;
  }
}
