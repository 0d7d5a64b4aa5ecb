package tidemark.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tidemark.api.machine.Machine.Power;

class ConfiguredMachineTest {
    private final Rig rig = new Rig(context -> {});

    @AfterEach
    void close() {
        rig.close();
    }

    private ConfiguredMachine configured(String... settings) {
        Map<String, Object> configuration = new HashMap<>(Map.of("service.pid", "tidemark.machine~first", "felix.fileinstall.filename", "file:x", "cpu", "interpreter"));
        for (String setting : settings) {
            configuration.put(setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1));
        }
        return new ConfiguredMachine(rig.machines, rig.parts, configuration);
    }

    @Test
    void fileMakesARunningMachineNamedAfterItAndItsRemovalDestroysThat() throws Exception {
        ConfiguredMachine machine = configured("guest=nop", "ram=4");
        assertEquals(Power.RUNNING, rig.machines.get("first").status().power());
        machine.deactivate();
        assertTrue(rig.machines.list().isEmpty());
    }

    @Test
    void machineIsNotStartedIfTheFileSaysSo() throws Exception {
        ConfiguredMachine machine = configured("guest=nop", "ram=4", "start=false", "name=other");
        assertEquals(Power.OFF, rig.machines.get("other").status().power());
        rig.machines.destroy("other");
        machine.deactivate();
    }

    @Test
    void machineWhosePartIsMissingIsMadeWhenThatIsDeployed() throws Exception {
        ConfiguredMachine machine = configured("guest=late", "ram=4");
        assertTrue(rig.machines.list().isEmpty());
        assertTrue(machine.refusal().contains("late"), machine.refusal());
        rig.parts.add("guest", "late", (tidemark.api.machine.GuestPart) name -> new TestGuest().guest("nop"));
        assertEquals(Power.RUNNING, rig.machines.get("first").status().power());
        assertEquals("", machine.refusal());
        machine.deactivate();
        rig.parts.add("guest", "later", new TestGuest());
        assertTrue(rig.machines.list().isEmpty(), "it does not come back");
    }

    @Test
    void wrongSettingLeavesThePlatformAlone() throws Exception {
        ConfiguredMachine machine = configured("guest=nop", "ram=lots");
        assertTrue(rig.machines.list().isEmpty());
        assertEquals("tidemark.machine-first.config first", machine.file() + " " + machine.machine());
        assertTrue(machine.refusal().contains("lots"), machine.refusal());
        machine.deactivate();
    }
}
