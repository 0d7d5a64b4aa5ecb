package tidemark.api.machine;

import java.nio.file.Path;

/**
 * The content of a disk at one instant: a file, with those below it, that nobody writes any more.
 *
 * @param device name of the device that the disk was in
 * @param file absolute
 * @param format name of a disk part
 * @param length of the file in bytes, when it was forced
 * @param modified the file's time of modification then, in milliseconds since 1970; a file that differs was written since and is refused
 */
public record DiskLayer(String device, Path file, String format, long length, long modified) {}
