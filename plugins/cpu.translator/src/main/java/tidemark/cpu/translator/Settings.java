package tidemark.cpu.translator;

/**
 * @param eager translates wherever execution comes by, at once
 * @param patience how often a head is reached before it is hot
 * @param instructions the most in a region
 * @param codeBytes bytes of bytecode that one hart's regions may have
 */
record Settings(boolean eager, int patience, int instructions, long codeBytes) {
    /** HotSpot's quick compiler gives up on most regions of 200 instructions, and they are no faster when steady. */
    static final int INSTRUCTIONS = 100;

    /** What is executed so often has taken the interpreter about as long as HotSpot needs to compile it. */
    static final int PATIENCE = 100_000;

    static Settings fromSystem() {
        return new Settings(false, Integer.getInteger("tidemark.translator.patience", PATIENCE),
                Integer.getInteger("tidemark.translator.instructions", INSTRUCTIONS),
                Long.getLong("tidemark.translator.codeBytes", 16L << 20));
    }
}
