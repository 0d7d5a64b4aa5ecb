package tidemark.api.checkpoint;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tidemark.api.device.DiskPart.Backing;

/**
 * What a user says on a restore of what the image asks for. What is not said is as the image asks, if that was granted.
 *
 * @param files that the image may use; the register of grants keeps them for the next time
 * @param disks other files for disks, by the device's name; an empty format is the image's
 * @param networks options of network cards, {@code backend} among them, by the device's name; that of the empty name is for all others
 * @param forwards in place of those of the first network card; empty for the image's
 */
public record RestoreGrants(List<Path> files, Map<String, Backing> disks, Map<String, Map<String, String>> networks, List<String> forwards) {
    public static final RestoreGrants NONE = new RestoreGrants(List.of(), Map.of(), Map.of(), List.of());

    public RestoreGrants {
        files = List.copyOf(files);
        disks = Map.copyOf(disks);
        networks = Map.copyOf(networks);
        forwards = List.copyOf(forwards);
    }
}
