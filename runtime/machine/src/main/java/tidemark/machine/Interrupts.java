package tidemark.machine;

import java.util.Map;
import java.util.TreeMap;
import tidemark.api.device.InterruptController;
import tidemark.api.device.InterruptLine;
import tidemark.api.machine.MachineException;

/** The wires from devices to the interrupt controller, with the levels that they have. */
final class Interrupts {
    private final Map<Integer, Boolean> levels = new TreeMap<>();
    private InterruptController controller;
    private String controllerName;

    /** The line to an input of the controller; source 0 leads nowhere. */
    InterruptLine line(int source) {
        return level -> drive(source, level);
    }

    private void drive(int source, boolean level) {
        if (source == 0) {
            return;
        }
        InterruptController to;
        synchronized (this) {
            levels.put(source, level);
            to = controller;
        }
        if (to != null) {
            to.input(source, level);
        }
    }

    synchronized void connect(String device, InterruptController inputs) {
        if (controller != null && !device.equals(controllerName)) {
            throw new MachineException("Devices " + controllerName + " and " + device + " are both interrupt controllers; leave one out");
        }
        controller = inputs;
        controllerName = device;
    }

    synchronized void disconnect(String device) {
        if (device.equals(controllerName)) {
            controller = null;
        }
    }

    /** Tells a controller that came anew what levels its inputs have. */
    void driveAll() {
        Map<Integer, Boolean> now;
        synchronized (this) {
            now = new TreeMap<>(levels);
        }
        now.forEach(this::drive);
    }
}
