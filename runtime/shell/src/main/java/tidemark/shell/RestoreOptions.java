package tidemark.shell;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tidemark.api.checkpoint.RestoreGrants;
import tidemark.api.device.DiskPart.Backing;
import tidemark.api.machine.DeviceSpec;
import tidemark.api.machine.Nearest;
import tidemark.api.shell.CommandError;

/** The options of a restore that grant or replace what an image asks for. */
final class RestoreOptions {
    private static final Pattern DISK = Pattern.compile("([a-z][a-z0-9-]*)=([^,]+)(?:,format=([^,]+))?");
    private static final Pattern NETWORK = Pattern.compile("(?:([a-z][a-z0-9-]*)=)?([^,=]+)((?:,[^,=]+=[^,]*){0,32})");

    private final Path folder;
    private final Map<String, Backing> disks = new TreeMap<>();
    private final Map<String, Map<String, String>> networks = new TreeMap<>();

    private RestoreOptions(Path folder) {
        this.folder = folder;
    }

    /**
     * @param folder that paths are relative to
     * @param backends network parts that are deployed
     */
    static RestoreGrants of(Path folder, List<String> backends, List<String> allow, List<String> disks, List<String> networks, List<String> forwards)
            throws CommandError {
        RestoreOptions options = new RestoreOptions(folder);
        for (String disk : disks) {
            options.disk(disk);
        }
        for (String network : networks) {
            options.network(network, backends);
        }
        return new RestoreGrants(allow.stream().map(folder::resolve).toList(), options.disks, options.networks, forwards);
    }

    private void disk(String text) throws CommandError {
        Matcher form = DISK.matcher(text);
        if (!form.matches()) {
            throw new CommandError("--disk " + text + ": write DEVICE=FILE, as in --disk disk0=root.img, if need be with ,format=FORMAT");
        }
        disks.put(form.group(1), new Backing(folder.resolve(form.group(2)), form.group(3) == null ? "" : form.group(3)));
    }

    private void network(String text, List<String> backends) throws CommandError {
        Matcher form = NETWORK.matcher(text);
        if (!form.matches()) {
            throw new CommandError("--net " + text + ": write NETWORK[,key=value]..., as in --net none or --net user,restrict=on; DEVICE= before it for one card");
        }
        if (!backends.contains(form.group(2))) {
            throw new CommandError("--net " + text + ": there is no network deployed '" + form.group(2) + "'; " + Nearest.hint(form.group(2), backends));
        }
        Map<String, String> options = new TreeMap<>(Map.of(DeviceSpec.BACKEND, form.group(2)));
        for (String option : form.group(3).split(",")) {
            int equals = option.indexOf('=');
            if (equals > 0) {
                options.merge(option.substring(0, equals), option.substring(equals + 1), (a, b) -> a + "+" + b);
            }
        }
        networks.put(form.group(1) == null ? "" : form.group(1), options);
    }
}
