package dev.converge.bench;

/** Something that is measured in rounds: ours and the references in turn. */
interface Figure {
  /** The word for it on the command line. */
  String name();

  /** What it measures, for the usage. */
  String purpose();

  /**
   * Measures.
   *
   * @throws Exception if something goes wrong; what it has started is ended with the scene
   */
  void measure(Bench bench) throws Exception;
}
