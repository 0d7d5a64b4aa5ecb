package tidemark.api.device;

import org.osgi.annotation.versioning.ConsumerType;

/** Service: a kind of device. Its name is the service property {@link #NAME}. */
@ConsumerType
public interface DevicePart {
    String NAME = "tidemark.device";

    /** The size of the window on the bus, in bytes. */
    long windowSize();

    /**
     * The address where a machine puts the first device of this kind unless it is told otherwise: that of QEMU's {@code virt} board. If that is taken, the
     * device comes into the next window of this size that is free.
     */
    long defaultAddress();

    /** The interrupt controller's source that a device at {@link #defaultAddress} drives unless told otherwise, one more for every window after that; 0 if it drives none. */
    int defaultInterrupt();

    /** What the device tree says of it. */
    DeviceNode node();

    /** Whether devices of this kind plug into a network part, by {@link DeviceContext#network}. */
    default boolean isNetworkCard() {
        return false;
    }

    /** Makes the device for one machine, in its state after power-on. */
    Device create(DeviceContext context);
}
