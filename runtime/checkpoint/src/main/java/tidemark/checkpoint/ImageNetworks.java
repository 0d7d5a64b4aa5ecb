package tidemark.checkpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.ImageAsk;
import tidemark.api.checkpoint.RestoreGrants;
import tidemark.api.device.DevicePart;
import tidemark.api.device.NetworkPart;
import tidemark.api.device.NetworkPart.HostUse;
import tidemark.api.machine.DeviceSpec;
import tidemark.api.machine.Machine;
import tidemark.api.machine.MachineSpec;
import tidemark.api.machine.Machines;
import tidemark.api.machine.Parts;

/** The network cards of a machine that is restored: what they are plugged into, and what that does on the host. */
final class ImageNetworks {
    private static final String FORWARD = "forward";
    private static final String MAC = "mac";
    private static final String OPTION = "--net none, or --net NETWORK,OPTIONS as you want it";

    private final Parts parts;
    private final RestoreGrants given;
    private final boolean takenHere;
    private final List<ImageAsk> asks = new ArrayList<>();
    private boolean forwarded;

    ImageNetworks(Parts parts, RestoreGrants given, boolean takenHere) {
        this.parts = parts;
        this.given = given;
        this.takenHere = takenHere;
    }

    List<ImageAsk> asks() {
        return asks;
    }

    /** @throws CheckpointException if an option names a card that is not there */
    MachineSpec plug(MachineSpec spec) throws CheckpointException {
        List<DeviceSpec> devices = new ArrayList<>();
        List<String> cards = new ArrayList<>();
        for (DeviceSpec device : spec.devices()) {
            boolean card = isCard(device);
            devices.add(card ? plug(device) : device);
            if (card) {
                cards.add(device.name());
            }
        }
        for (String name : given.networks().keySet()) {
            if (!name.isEmpty() && !cards.contains(name)) {
                throw new CheckpointException("it has no network card " + name + " for --net; there are " + cards);
            }
        }
        if (cards.isEmpty() && !given.forwards().isEmpty()) {
            throw new CheckpointException("it has no network card for --forward");
        }
        return spec.withDevices(devices);
    }

    /** A kind that is not deployed makes no machine. */
    private boolean isCard(DeviceSpec device) {
        if (!parts.names("device").contains(device.kind())) {
            return false;
        }
        try (Parts.Use<DevicePart> use = parts.use(DevicePart.class, "device", device.kind(), () -> { })) {
            return use.part().isNetworkCard();
        }
    }

    private DeviceSpec plug(DeviceSpec card) throws CheckpointException {
        Map<String, String> options = given.networks().getOrDefault(card.name(), given.networks().get(""));
        DeviceSpec plugged = options == null ? card : with(card, options);
        List<HostUse> judged = uses(plugged);
        if (!forwarded && !given.forwards().isEmpty()) {
            forwarded = true;
            judged = uses(without(plugged));
            plugged = forwarding(plugged);
            uses(plugged); // refuses forwards that are none
        }
        String grantedBy = options != null ? "--net says so" : takenHere ? ImageFiles.TAKEN_HERE : "";
        judged.forEach(use -> asks.add(new ImageAsk(card.name(), use.words(), grantedBy, OPTION)));
        return plugged;
    }

    private static DeviceSpec with(DeviceSpec card, Map<String, String> options) {
        Map<String, String> all = new TreeMap<>(options);
        if (card.options().containsKey(MAC)) {
            all.putIfAbsent(MAC, card.options().get(MAC));
        }
        return new DeviceSpec(card.name(), card.kind(), card.address(), card.interrupt(), all);
    }

    private static DeviceSpec without(DeviceSpec card) {
        Map<String, String> options = new TreeMap<>(card.options());
        options.remove(FORWARD);
        return new DeviceSpec(card.name(), card.kind(), card.address(), card.interrupt(), options);
    }

    private DeviceSpec forwarding(DeviceSpec card) {
        Map<String, String> options = new TreeMap<>(card.options());
        options.put(FORWARD, String.join("+", given.forwards()));
        return new DeviceSpec(card.name(), card.kind(), card.address(), card.interrupt(), options);
    }

    private List<HostUse> uses(DeviceSpec card) throws CheckpointException {
        if (!parts.names("network").contains(card.backend())) {
            return List.of();
        }
        try (Parts.Use<NetworkPart> use = parts.use(NetworkPart.class, "network", card.backend(), () -> { })) {
            return use.part().hostUses(card.networkOptions());
        } catch (IllegalArgumentException e) {
            throw new CheckpointException("its network card " + card.name() + " cannot be plugged in: " + e.getMessage(), e);
        }
    }

    /** What a machine would have that another one of this platform has already, and only one can have; a sentence each. */
    List<String> conflicts(MachineSpec restored, Machines machines) throws CheckpointException {
        List<String> notices = new ArrayList<>();
        List<String> wanted = exclusive(restored);
        for (Machine other : machines.list()) {
            for (String use : wanted.isEmpty() || other.name().equals(restored.name()) ? List.<String>of() : exclusive(other.spec())) {
                if (wanted.contains(use)) {
                    notices.add("Machine " + other.name() + " " + use + " already: " + restored.name() + " waits until that one is destroyed. "
                            + "To have a port of its own, restore it with --forward tcp:0:GUESTPORT, or with --net none");
                }
            }
        }
        return notices;
    }

    private List<String> exclusive(MachineSpec spec) throws CheckpointException {
        List<String> uses = new ArrayList<>();
        for (DeviceSpec device : spec.devices()) {
            if (isCard(device)) {
                uses(device).stream().filter(HostUse::exclusive).forEach(use -> uses.add(use.words()));
            }
        }
        return uses;
    }
}
