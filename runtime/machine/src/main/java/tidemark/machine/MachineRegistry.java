package tidemark.machine;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.api.machine.DiskLayer;
import tidemark.api.machine.GuestPart;
import tidemark.api.machine.GuestPart.Guest;
import tidemark.api.machine.Machine;
import tidemark.api.machine.MachineException;
import tidemark.api.machine.MachineSpec;
import tidemark.api.machine.Machines;
import tidemark.api.machine.Nearest;
import tidemark.api.machine.Parts;

/** The machines of this platform, by name. */
@Component(service = Machines.class)
public final class MachineRegistry implements Machines {
    private static final Logger LOG = LoggerFactory.getLogger(MachineRegistry.class);

    private final Parts parts;
    private final Map<String, VirtualMachine> machines = new ConcurrentSkipListMap<>();

    @Activate
    public MachineRegistry(@Reference Parts parts) {
        this.parts = parts;
    }

    @Deactivate
    void deactivate() {
        List.copyOf(machines.keySet()).forEach(this::destroy);
    }

    @Override
    public MachineSpec specify(Map<String, ?> properties) {
        Map<String, Object> all = new TreeMap<>(properties);
        String guest = all.getOrDefault("guest", "").toString().strip();
        if (!guest.isEmpty()) {
            settings(guest).forEach((key, value) -> all.merge(key, value, (given, own) -> key.equals("arguments") ? (own + " " + given).strip() : given));
        }
        return MachineSpec.of(all);
    }

    private Map<String, String> settings(String guest) {
        try (Parts.Use<GuestPart> use = parts.use(GuestPart.class, "guest", guest, () -> {})) {
            return use.part().guest(guest).map(Guest::settings).orElse(Map.of());
        }
    }

    @Override
    public synchronized Machine create(MachineSpec spec) {
        refuseTaken(spec);
        VirtualMachine machine = new VirtualMachine(spec, parts, Optional.empty());
        try {
            machine.load();
        } catch (RuntimeException | Error e) {
            machine.destroy();
            throw e;
        }
        return enter(machine);
    }

    @Override
    public synchronized Machine createEmpty(MachineSpec spec, List<DiskLayer> disks) {
        refuseTaken(spec);
        VirtualMachine machine = new VirtualMachine(spec, parts, Optional.of(disks));
        machine.switchOn(true);
        return enter(machine);
    }

    private void refuseTaken(MachineSpec spec) {
        if (machines.containsKey(spec.name())) {
            throw new MachineException("There is a machine " + spec.name() + " already; destroy it or take another name");
        }
    }

    private Machine enter(VirtualMachine machine) {
        machines.put(machine.name(), machine);
        LOG.info("Machine {} was made: {}", machine.name(), machine.spec().shape());
        return machine;
    }

    @Override
    public Optional<Machine> find(String name) {
        return Optional.ofNullable(machines.get(name));
    }

    @Override
    public Machine get(String name) {
        return find(name).orElseThrow(() -> unknown(name));
    }

    @Override
    public List<Machine> list() {
        return List.copyOf(machines.values());
    }

    @Override
    public synchronized void destroy(String name) {
        VirtualMachine machine = machines.get(name);
        if (machine == null) {
            throw unknown(name);
        }
        machine.destroy();
        machines.remove(name);
    }

    private MachineException unknown(String name) {
        return new MachineException("There is no machine '" + name + "'; " + Nearest.hint(name, machines.keySet()));
    }
}
