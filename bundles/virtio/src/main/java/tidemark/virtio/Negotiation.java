package tidemark.virtio;

import tidemark.api.state.State;
import tidemark.api.state.StateException;

/** Device status and feature bits (2.1, 2.2, 3.1.1): how far the driver has come, and what both sides have agreed on. */
final class Negotiation {
    static final int ACKNOWLEDGE = 1;
    static final int DRIVER = 2;
    static final int DRIVER_OK = 4;
    static final int FEATURES_OK = 8;
    static final int DEVICE_NEEDS_RESET = 64;
    static final int FAILED = 128;
    private static final int OF_THE_DRIVER = ACKNOWLEDGE | DRIVER | FEATURES_OK | DRIVER_OK | FAILED;
    private static final int BEFORE_FEATURES = ACKNOWLEDGE | DRIVER;
    private static final long WORD = 0xFFFF_FFFFL;

    private final long offered;
    private int status;
    private int offeredSel;
    private int acceptedSel;
    private long accepted;
    /** Bits were set in a word in which no device offers any. */
    private boolean acceptedBeyond;

    /** @param offered by the device type; the transport's own are added */
    Negotiation(long offered) {
        this.offered = offered | Feature.VERSION_1 | Feature.RING_INDIRECT_DESC | Feature.RING_EVENT_IDX;
    }

    /** From the start. */
    Negotiation reset() {
        return new Negotiation(offered);
    }

    int status() {
        return status;
    }

    /** Sets bits, never clears one. A step that comes too early, or is refused, stays clear. */
    void set(int bits) {
        int next = status | bits & OF_THE_DRIVER;
        if ((status & FEATURES_OK) == 0 && ((next & BEFORE_FEATURES) != BEFORE_FEATURES || !acceptable())) {
            next &= ~FEATURES_OK;
        }
        if ((next & FEATURES_OK) == 0) {
            next &= ~DRIVER_OK;
        }
        status = next;
    }

    private boolean acceptable() {
        return !acceptedBeyond && (accepted & ~offered) == 0 && (accepted & Feature.VERSION_1) != 0;
    }

    void needsReset() {
        status |= DEVICE_NEEDS_RESET;
    }

    boolean driverOk() {
        return (status & DRIVER_OK) != 0;
    }

    /** Whether the device may use its queues. */
    boolean running() {
        return (status & (DRIVER_OK | DEVICE_NEEDS_RESET | FAILED)) == DRIVER_OK;
    }

    boolean has(long feature) {
        return (status & FEATURES_OK) != 0 && (accepted & feature) != 0;
    }

    void selectOffered(int word) {
        offeredSel = word;
    }

    long offered() {
        return offeredSel == 0 ? offered & WORD : offeredSel == 1 ? offered >>> 32 : 0;
    }

    void selectAccepted(int word) {
        acceptedSel = word;
    }

    /** Nothing is accepted after FEATURES_OK. */
    void accept(long bits) {
        if ((status & FEATURES_OK) != 0) {
            return;
        }
        switch (acceptedSel) {
            case 0 -> accepted = Register.withLow(accepted, bits);
            case 1 -> accepted = Register.withHigh(accepted, bits);
            default -> acceptedBeyond |= (bits & WORD) != 0;
        }
    }

    void save(State state) {
        state.put("status", status).put("deviceFeaturesSel", offeredSel).put("driverFeaturesSel", acceptedSel).put("driverFeatures", accepted)
                .put("driverFeaturesBeyond", acceptedBeyond);
    }

    /** As it was saved. The state of a driver that uses what is not offered is refused. */
    Negotiation load(State state) throws StateException {
        Negotiation loaded = new Negotiation(offered);
        loaded.status = state.getInt("status") & (OF_THE_DRIVER | DEVICE_NEEDS_RESET);
        loaded.offeredSel = state.getInt("deviceFeaturesSel");
        loaded.acceptedSel = state.getInt("driverFeaturesSel");
        loaded.accepted = state.getLong("driverFeatures");
        loaded.acceptedBeyond = state.getBoolean("driverFeaturesBeyond");
        if ((loaded.status & FEATURES_OK) != 0 && !loaded.acceptable()) {
            throw new StateException("State '" + state.name() + "': its driver uses features 0x" + Long.toHexString(loaded.accepted)
                    + ", this device offers 0x" + Long.toHexString(offered) + "; give it the same options as the device that was saved");
        }
        return loaded;
    }
}
