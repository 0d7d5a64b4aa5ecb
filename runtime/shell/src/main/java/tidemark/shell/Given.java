package tidemark.shell;

/** A value that was given to a command, and its place among all words: for options whose order counts. */
record Given(int place, String text) {}
