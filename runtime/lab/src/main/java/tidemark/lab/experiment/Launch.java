package tidemark.lab.experiment;

/**
 * When a cell's checkpoint is launched: one of the three.
 *
 * @param share of the instructions of the workload's pilot, between 0 and 1; else 0
 * @param instructions retired since power-on; else 0
 * @param console a regular expression that the console shows, as one that says that the working set has peaked; else empty
 */
public record Launch(double share, long instructions, String console) {}
