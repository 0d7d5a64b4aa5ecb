package tidemark.api.memory;

/** An access to a physical address where nothing answers, or in a way that the device refuses: an access-fault trap to the hart. No stack trace. */
public final class BusFault extends Exception {
    private static final long serialVersionUID = 1L;
    private final long address;

    /** @param address the physical address */
    public BusFault(long address) {
        super("No access at physical address 0x" + Long.toHexString(address), null, false, false);
        this.address = address;
    }

    public long address() {
        return address;
    }
}
