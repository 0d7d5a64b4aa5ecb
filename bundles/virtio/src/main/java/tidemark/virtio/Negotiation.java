package tidemark.virtio;

import tidemark.api.state.State;
import tidemark.api.state.StateException;

/**
 * Device status and feature bits (2.1, 2.2, 3.1.1): how far the driver has come, and what both sides have agreed on. As lenient as QEMU:
 * steps may be left out, drivers of before VERSION_1 are served, and a feature that was not offered is not agreed on.
 */
final class Negotiation {
    static final int ACKNOWLEDGE = 1;
    static final int DRIVER = 2;
    static final int DRIVER_OK = 4;
    static final int FEATURES_OK = 8;
    static final int DEVICE_NEEDS_RESET = 64;
    static final int FAILED = 128;
    private static final int OF_THE_DRIVER = ACKNOWLEDGE | DRIVER | FEATURES_OK | DRIVER_OK | FAILED;
    private static final long WORD = 0xFFFF_FFFFL;

    private final long offered;
    private final boolean legacy;
    private int status;
    private int offeredSel;
    private int acceptedSel;
    private long accepted;

    /**
     * @param offered by the device type; the transport's own are added
     * @param legacy whether the driver is of before VERSION_1, which knows no FEATURES_OK
     */
    Negotiation(long offered, boolean legacy) {
        this.offered = offered | (legacy ? 0 : Feature.VERSION_1) | Feature.RING_INDIRECT_DESC | Feature.RING_EVENT_IDX;
        this.legacy = legacy;
    }

    /** From the start. */
    Negotiation reset() {
        return new Negotiation(offered, legacy);
    }

    int status() {
        return status;
    }

    /** Sets bits, never clears one. With FEATURES_OK the features are agreed on. */
    void set(int bits) {
        if ((~status & bits & FEATURES_OK) != 0) {
            accepted &= offered;
        }
        status |= bits & OF_THE_DRIVER;
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
        return (legacy || (status & FEATURES_OK) != 0) && (accepted & offered & feature) != 0;
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

    /** Nothing is accepted after FEATURES_OK, or while the driver runs. */
    void accept(long bits) {
        if ((status & (FEATURES_OK | DRIVER_OK)) != 0) {
            return;
        }
        switch (acceptedSel) {
            case 0 -> accepted = Register.withLow(accepted, bits);
            case 1 -> accepted = Register.withHigh(accepted, bits);
            default -> {
                // No device offers any there.
            }
        }
    }

    void save(State state) {
        state.put("status", status).put("deviceFeaturesSel", offeredSel).put("driverFeaturesSel", acceptedSel).put("driverFeatures", accepted)
                .put("driverFeaturesBeyond", false);
    }

    /** As it was saved. The state of a driver that uses what is not offered is refused. */
    Negotiation load(State state) throws StateException {
        Negotiation loaded = new Negotiation(offered, legacy);
        loaded.status = state.getInt("status") & (OF_THE_DRIVER | DEVICE_NEEDS_RESET);
        loaded.offeredSel = state.getInt("deviceFeaturesSel");
        loaded.acceptedSel = state.getInt("driverFeaturesSel");
        loaded.accepted = state.getLong("driverFeatures");
        if ((loaded.status & FEATURES_OK) != 0 && (loaded.accepted & ~offered) != 0) {
            throw new StateException("State '" + state.name() + "': its driver uses features 0x" + Long.toHexString(loaded.accepted)
                    + ", this device offers 0x" + Long.toHexString(offered) + "; give it the same options as the device that was saved");
        }
        return loaded;
    }
}
