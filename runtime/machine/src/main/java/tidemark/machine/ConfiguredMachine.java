package tidemark.machine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.api.machine.Grants;
import tidemark.api.machine.Machine;
import tidemark.api.machine.MachineException;
import tidemark.api.machine.MachineFile;
import tidemark.api.machine.MachineSpec;
import tidemark.api.machine.Machines;
import tidemark.api.machine.Parts;

/**
 * A machine from a file {@code tidemark.machine-NAME.config}: the keys of {@link MachineSpec#KEYS}, and {@code start} (default true), and {@code allow}: files
 * that its disk files may lie over wherever they are, separated by commas. It is made
 * when the file comes, anew when it changes, destroyed when it goes. If a part is missing it is made when that is deployed.
 */
@Component(service = MachineFile.class, immediate = true, configurationPid = "tidemark.machine", configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class ConfiguredMachine implements MachineFile {
    private static final Logger LOG = LoggerFactory.getLogger(ConfiguredMachine.class);
    private static final String START = "start";
    private static final String ALLOW = "allow";

    private final Machines machines;
    private final Map<String, Object> properties;
    private AutoCloseable retries;
    private Machine machine;
    private volatile String refusal = "";

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
            String allow = Objects.toString(settings.remove(ALLOW), "");
            MachineSpec spec = machines.specify(settings);
            Grants.ofPlatform().letLieOver(spec, Stream.of(allow.split(",")).filter(file -> !file.isBlank()).map(file -> Path.of(file.strip())).toList());
            machine = machines.create(spec);
            refusal = "";
            if (start) {
                machine.start();
            }
        } catch (IOException e) {
            refuse("what its disks may lie over: " + e);
        } catch (MachineException e) {
            refuse(String.valueOf(e.getMessage()));
        }
    }

    private void refuse(String why) {
        if (!refusal.equals(why)) {
            LOG.error("Configuration {}: {}. It is tried again when parts are deployed or the file changes", properties.get("service.pid"), why);
        }
        refusal = why;
    }

    @Override
    public String file() {
        return properties.getOrDefault("service.pid", "").toString().replace('~', '-') + ".config";
    }

    @Override
    public String machine() {
        return properties.get("name").toString();
    }

    @Override
    public String refusal() {
        return refusal;
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
