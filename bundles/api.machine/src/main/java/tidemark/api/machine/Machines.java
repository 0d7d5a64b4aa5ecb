package tidemark.api.machine;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** Service: the machines of this platform. Any thread. */
@ProviderType
public interface Machines {
    /**
     * The specification of a machine from properties as those of {@link MachineSpec#of}; what they leave open is as the guest wants it. The
     * command line is the guest's own arguments, then those given.
     *
     * @throws MachineException which names the key, the value and what is allowed
     */
    MachineSpec specify(Map<String, ?> properties);

    /**
     * Makes a machine from deployed parts and loads its guest; it is {@link Machine.Power#OFF} until started.
     *
     * @throws MachineException with what is wrong, where, and the way out: a name that is taken, an unknown part, RAM that is too small, an ELF that is not one
     */
    Machine create(MachineSpec spec);

    /**
     * As {@link #create} but loads no guest: its RAM and state come from elsewhere. It is {@link Machine.Power#PAUSED}.
     *
     * @param disks what its disks begin with, each in a new, empty layer of its own
     * @throws MachineException also for a device that wants a disk which is not among them: no file is used only because a specification names it
     */
    Machine createEmpty(MachineSpec spec, List<DiskLayer> disks);

    Optional<Machine> find(String name);

    /** @throws MachineException if there is none of that name, naming those that are near */
    Machine get(String name);

    /** Sorted by name. */
    List<Machine> list();

    /** Powers off and gives everything back. */
    void destroy(String name);
}
