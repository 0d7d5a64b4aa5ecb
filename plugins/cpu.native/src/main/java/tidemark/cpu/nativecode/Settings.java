package tidemark.cpu.nativecode;

/**
 * @param eager writes machine code for whatever is executed, at once
 * @param patience how often code is reached before it is warm
 * @param instructions the most in a block
 * @param branches the most in a block
 * @param codeBytes bytes of machine code that one hart's blocks may have
 * @param perfMap whether {@code perf} is told what code stands for
 */
record Settings(boolean eager, int patience, int instructions, int branches, int codeBytes, boolean perfMap) {
    static final int PATIENCE = 8;
    static final int INSTRUCTIONS = 64;
    static final int BRANCHES = 4;
    static final int CODE_BYTES = 32 << 20;

    /** @throws IllegalArgumentException if a property has a value that cannot be */
    static Settings fromSystem() {
        return new Settings(Boolean.getBoolean("tidemark.native.eager"), number("patience", PATIENCE, 1, 1_000_000_000),
                number("instructions", INSTRUCTIONS, 1, 1000), number("branches", BRANCHES, 1, 1000),
                number("codeBytes", CODE_BYTES, 1 << 18, 1 << 30) & -4096, Boolean.getBoolean("tidemark.native.perfMap"));
    }

    private static int number(String name, int absent, int least, int most) {
        String key = "tidemark.native." + name;
        String text = System.getProperty(key);
        try {
            int value = text == null ? absent : Integer.decode(text);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // said below, for the same reason
        }
        throw new IllegalArgumentException("-D" + key + "=" + text + " must be a number from " + least + " to " + most);
    }
}
