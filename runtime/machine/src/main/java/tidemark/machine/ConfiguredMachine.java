package tidemark.machine;

import java.util.Map;
import java.util.TreeMap;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.api.machine.Machine;
import tidemark.api.machine.MachineException;
import tidemark.api.machine.MachineSpec;
import tidemark.api.machine.Machines;
import tidemark.api.machine.Parts;

/**
 * A machine from a file {@code tidemark.machine-NAME.config}: the keys of {@link MachineSpec#KEYS}, and {@code start} (default true). It is made
 * when the file comes, anew when it changes, destroyed when it goes. If a part is missing it is made when that is deployed.
 */
@Component(service = {}, configurationPid = "tidemark.machine", configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class ConfiguredMachine {
    private static final Logger LOG = LoggerFactory.getLogger(ConfiguredMachine.class);
    private static final String START = "start";

    private final Machines machines;
    private final Map<String, Object> properties;
    private AutoCloseable retries;
    private Machine machine;
    private String refusal = "";

    @Activate
    public ConfiguredMachine(@Reference Machines machines, @Reference Parts parts, Map<String, Object> configuration) {
        this.machines = machines;
        this.properties = new TreeMap<>(configuration);
        String pid = configuration.getOrDefault("service.pid", "").toString();
        properties.putIfAbsent("name", pid.substring(pid.indexOf('~') + 1));
        retries = parts.onChange(this::make);
        make();
    }

    private synchronized void make() {
        if (machine != null || retries == null) {
            return;
        }
        try {
            Map<String, Object> settings = new TreeMap<>(properties);
            boolean start = Boolean.parseBoolean(settings.getOrDefault(START, true).toString());
            settings.remove(START);
            machine = machines.create(machines.specify(settings));
            if (start) {
                machine.start();
            }
        } catch (MachineException e) {
            if (!refusal.equals(e.getMessage())) {
                LOG.error("Configuration {}: {}. It is tried again when parts are deployed or the file changes",
                        properties.get("service.pid"), e.getMessage());
            }
            refusal = String.valueOf(e.getMessage());
        }
    }

    @Deactivate
    synchronized void deactivate() throws Exception {
        retries.close();
        retries = null;
        if (machine != null && machines.find(machine.name()).orElse(null) == machine) {
            machines.destroy(machine.name());
        }
    }
}
