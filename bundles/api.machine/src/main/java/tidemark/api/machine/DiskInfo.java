package tidemark.api.machine;

import java.nio.file.Path;
import java.util.List;
import tidemark.api.device.Disk;

/**
 * A disk of a machine.
 *
 * @param device name of the device that it is in
 * @param disk its content; reading it is for anyone, writing it is the device's
 * @param files the file that is written now, then those below it
 */
public record DiskInfo(String device, Disk disk, List<Path> files) {}
