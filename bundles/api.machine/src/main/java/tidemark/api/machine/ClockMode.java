package tidemark.api.machine;

/** What drives mtime. */
public enum ClockMode {
    /** The host's clock, standing still while the machine is paused or held. */
    HOST,
    /** The count of retired instructions, at 10 instructions a tick (100 MIPS): runs repeat to the bit. One hart only. */
    INSTRUCTIONS
}
