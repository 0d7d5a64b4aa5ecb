package tidemark.api.device;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Runs an action when mtime reaches a value: on a hart thread at an instruction boundary, at the same instruction in every run if the clock counts instructions.
 * Any thread may set it. The action changes registers and lines of its device, not RAM, for which it can {@link DeviceContext#post}: one whose time has come is
 * run before the machine's state is saved.
 */
@ProviderType
public interface Timer {
    /** @param mtime the deadline, unsigned, replacing the one before; an action whose time has come is run at the next boundary */
    void set(long mtime);

    void cancel();
}
