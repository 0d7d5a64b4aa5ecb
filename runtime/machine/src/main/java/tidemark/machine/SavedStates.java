package tidemark.machine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import tidemark.api.cpu.Hart;
import tidemark.api.state.State;
import tidemark.api.state.StateException;

/** The states of one machine as a list, in a fixed order: harts, clock, firmware, devices as its specification names them. While no hart runs. */
final class SavedStates {
    private final VirtualMachine machine;

    SavedStates(VirtualMachine machine) {
        this.machine = machine;
    }

    List<State> save() {
        // what would be done before the next instruction, so that it need not be part of the state
        machine.timers().runExpired();
        machine.hartThreads().forEach(HartThread::servePosted);
        List<State> states = new ArrayList<>();
        machine.harts().forEach(hart -> states.add(hart.save()));
        states.add(machine.clock().save());
        if (FirmwareSlot.has(machine.spec())) {
            states.add(machine.board().firmware().save());
        }
        machine.board().devices().forEach(slot -> states.add(slot.save()));
        return states;
    }

    /**
     * By name, checked to be of every part of this machine and of no other.
     *
     * @throws StateException naming both sides
     */
    Map<String, State> check(List<State> states) throws StateException {
        Map<String, State> byName = new HashMap<>();
        for (State state : states) {
            if (byName.put(state.name(), state) != null) {
                throw new StateException("Machine " + machine.name() + ": there are two states of '" + state.name() + "'");
            }
        }
        List<String> expected = names();
        if (!byName.keySet().equals(new HashSet<>(expected))) {
            throw new StateException("The state is of " + states.stream().map(State::name).toList() + ", machine " + machine.name() + " has " + expected
                    + "; take a machine of the same shape");
        }
        return byName;
    }

    private List<String> names() {
        List<String> names = new ArrayList<>();
        machine.harts().forEach(hart -> names.add("hart" + hart.id));
        names.add(MachineClock.stateName());
        if (FirmwareSlot.has(machine.spec())) {
            names.add(FirmwareSlot.NAME);
        }
        machine.board().devices().forEach(slot -> names.add(slot.name()));
        return names;
    }

    /** Harts first: a clock that counts instructions looks at them; then the clock: timers of devices look at it. */
    void load(Map<String, State> states) throws StateException {
        for (Hart hart : machine.harts()) {
            hart.load(states.get("hart" + hart.id));
        }
        machine.clock().load(states.get(MachineClock.stateName()));
        if (FirmwareSlot.has(machine.spec())) {
            machine.board().firmware().load(states.get(FirmwareSlot.NAME));
        }
        for (DeviceSlot slot : machine.board().devices()) {
            slot.load(states.get(slot.name()));
        }
    }
}
