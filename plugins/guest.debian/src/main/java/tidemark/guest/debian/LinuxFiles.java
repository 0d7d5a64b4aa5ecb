package tidemark.guest.debian;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Makes the kernel's image, and an initial RAM disk without scripts, of packages. */
final class LinuxFiles {
    static final List<String> PACKAGES = List.of("linux-image-riscv64", "busybox-static", "e2fsprogs");
    /** What these depend on and an initial RAM disk needs not, as in a Provides field. */
    static final String WITHOUT = "linux-base (= 99), kmod (= 99), linux-initramfs-tool, logsave (= 99), libgcc-s1 (= 99), libss2 (= 99)";
    static final String KERNEL = "kernel";
    static final String INITRD = "initrd";
    static final String MODULES = "modules";
    private static final String LIBRARIES = "usr/lib/riscv64-linux-gnu/";
    private static final List<String> FILES = List.of("usr/bin/busybox", "usr/sbin/{mke2fs,mkfs.ext4,e2fsck,fsck.ext4}", "etc/mke2fs.conf",
            "usr/lib/ld-linux-riscv64-lp64d.so.1", LIBRARIES + "ld-linux-riscv64-lp64d.so.1", LIBRARIES + "libc.so.6", LIBRARIES + "libext2fs.so.2*",
            LIBRARIES + "libe2p.so.2*", LIBRARIES + "libblkid.so.1*", LIBRARIES + "libuuid.so.1*", LIBRARIES + "libcom_err.so.2*");
    private static final List<String> BOOT_MODULES = List.of("virtio_mmio", "virtio_blk", "virtio_net", "virtio_rng", "ext4", "crc32c_generic", "loop");
    /** For a root disk, besides. */
    private static final List<String> MORE_MODULES = List.of("overlay", "squashfs", "isofs", "vfat", "nls_ascii", "9p", "9pnet_virtio", "tun", "veth",
            "bridge", "dummy", "dm_mod", "zram", "autofs4", "binfmt_misc", "nf_tables", "nft_ct", "nft_chain_nat", "nft_masq", "nft_reject_inet", "nft_compat", "virtio_balloon");
    private static final List<String> FOLDERS = List.of("dev", "proc", "sys", "run", "mnt", "var/log");
    /** "RSC\5", in the header of a Linux Image (the kernel's arch/riscv/boot-image-header). */
    private static final int IMAGE_MAGIC = 0x05435352;
    private static final int IMAGE_MAGIC_OFFSET = 0x38;

    private final Path unpacked;

    private LinuxFiles(Path unpacked) {
        this.unpacked = unpacked;
    }

    /** The modules that are taken from the kernel's package, besides those that they depend on. */
    static List<String> modules() {
        return Stream.concat(BOOT_MODULES.stream(), MORE_MODULES.stream()).toList();
    }

    /** All that decides what is made. */
    static String recipe() {
        return String.join("\n", PACKAGES.toString(), FILES.toString(), modules().toString(), FOLDERS.toString());
    }

    /** @param into gets the files {@link #KERNEL}, {@link #INITRD} and {@link #MODULES}, an archive for a root disk @return the kernel's version */
    static String make(List<Path> packages, Path into, Consumer<String> progress) throws IOException, InterruptedException {
        Path unpacked = Files.createDirectory(into.resolve("packages"));
        for (Path file : packages) {
            progress.accept("unpacking " + DebFile.name(file.getFileName().toString()));
            DebFile.unpack(file, unpacked);
        }
        progress.accept("making the initial RAM disk");
        LinuxFiles files = new LinuxFiles(unpacked);
        Path modules = files.only("usr/lib/modules/*");
        Files.move(files.image(), into.resolve(KERNEL));
        try (Cpio archive = new Cpio(output(into.resolve(INITRD)))) {
            files.initrd(archive, modules);
        }
        try (Cpio archive = new Cpio(output(into.resolve(MODULES)))) {
            files.modules(archive, modules);
        }
        Cache.delete(unpacked);
        return modules.getFileName().toString();
    }

    private static OutputStream output(Path file) throws IOException {
        return new BufferedOutputStream(Files.newOutputStream(file));
    }

    private Path image() throws IOException {
        Path image = only("boot/vmlinu[xz]-*");
        try (var in = Files.newInputStream(image)) {
            byte[] header = in.readNBytes(IMAGE_MAGIC_OFFSET + Integer.BYTES);
            if (header.length < IMAGE_MAGIC_OFFSET + Integer.BYTES
                    || ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).getInt(IMAGE_MAGIC_OFFSET) != IMAGE_MAGIC) {
                throw new IOException(image.getFileName() + " of Debian's kernel package is no RISC-V Image");
            }
        }
        return image;
    }

    private void initrd(Cpio archive, Path modules) throws IOException {
        archive.directory("root", 0700).directory("tmp", 01777);
        for (String folder : FOLDERS) {
            archive.directory(folder, 0755);
        }
        for (String merged : List.of("bin", "sbin", "lib")) {
            archive.directory("usr/" + merged, 0755).link(merged, "usr/" + merged);
        }
        for (String pattern : FILES) {
            for (Path file : matching(pattern)) {
                add(file, archive);
            }
        }
        archive.link("bin/sh", "busybox").link("init", "bin/busybox").link("etc/mtab", "/proc/mounts");
        ModuleTree.read(modules, BOOT_MODULES).addTo(archive);
    }

    private void modules(Cpio archive, Path modules) throws IOException {
        for (Path file : matching(unpacked.relativize(modules) + "/modules.*")) {
            add(file, archive);
        }
        ModuleTree.read(modules, modules()).addTo(archive);
    }

    private void add(Path file, Cpio archive) throws IOException {
        String path = unpacked.relativize(file).toString();
        if (Files.isSymbolicLink(file)) {
            archive.link(path, Files.readSymbolicLink(file).toString());
        } else {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            archive.file(path, permissions.contains(PosixFilePermission.OWNER_EXECUTE) ? 0755 : 0644, Files.readAllBytes(file));
        }
    }

    private Path only(String pattern) throws IOException {
        List<Path> found = matching(pattern);
        if (found.size() != 1) {
            throw new IOException("Debian's packages have not one but " + found.size() + " of " + pattern);
        }
        return found.getFirst();
    }

    private List<Path> matching(String pattern) throws IOException {
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
        int depth = Path.of(pattern).getNameCount();
        Path folder = unpacked.resolve(pattern.substring(0, pattern.lastIndexOf('/')));
        try (Stream<Path> files = Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS) ? Files.list(folder) : Stream.of()) {
            List<Path> found = files.filter(file -> unpacked.relativize(file).getNameCount() == depth && matcher.matches(unpacked.relativize(file)))
                    .sorted().toList();
            if (found.isEmpty()) {
                throw new IOException("Debian's packages have no " + pattern);
            }
            return found;
        }
    }
}
