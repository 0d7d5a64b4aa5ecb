package tidemark.virtio;

import org.osgi.annotation.versioning.ProviderType;

/**
 * What a {@link VirtioDevice} has of its driver. All that a device does, it does in actions: one at a time, on a hart thread, while the driver runs the device. What an
 * action was to do is forgotten if the device is reset first. A {@link MalformedQueue} that an action throws puts the device into the state that needs a reset.
 */
@ProviderType
public interface Transport {
    /** A part of what a device does; bounded: a guest waits for it. */
    @FunctionalInterface
    interface Action {
        void run() throws MalformedQueue;
    }

    Virtqueue queue(int index);

    /** Whether driver and device have agreed on a feature. In actions. */
    boolean negotiated(long feature);

    /** Runs an action at an instruction boundary soon. Any thread. */
    void post(Action action);

    /** Does slow work beside the guest, without touching RAM; then {@code done}. In actions. A device that is reset meanwhile rests until the work has ended. */
    void background(Runnable work, Action done);
}
