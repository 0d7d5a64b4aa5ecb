package tidemark.guest.debian;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tidemark.testkit.HostTool;

/** An archive with the few files that are taken from Debian's, and an apt client for it that can be made to fail. */
final class FakeArchive {
    /** Why the client does not update, by suite: what it prints then. */
    private static final String CLIENT = """
            #!/bin/sh
            # as called: apt-get -c FOLDER/apt.conf ... update|install ...
            echo "$*" >>'%1$s/calls'
            folder=$(dirname "$2")
            suite=$(sed -n 's/^Suites: //p' "$folder/debian.sources")
            case " $* " in
                *" update "*)
                    if [ -e "%1$s/refuse-$suite" ]; then cat "%1$s/refuse-$suite"; exit 100; fi
                    release="$folder/state/lists/mirror_dists_${suite}_InRelease"
                    printf "Codename: $(cat "%1$s/codename-$suite")\\nDate: Sat, 09 Aug 2025 10:00:00 UTC\\n" >"$release" ;;
                *" --print-uris "*)
                    # like apt, what is not there yet
                    archives=$(echo " $* " | sed -n 's/.* Dir::Cache::archives=\\([^ ]*\\) .*/\\1/p')
                    for file in '%1$s'/pool/*.deb; do
                        name=$(basename "$file")
                        [ -e "${archives:-$folder/cache/archives}/$name" ] || echo "'http://mirror.test/$file' $name 1 MD5Sum:0"
                    done ;;
                *" --download-only "*)
                    echo "Need to get 1,234 kB/117 MB of archives."
                    echo "dlstatus:1:45.6789:Retrieving file 1 of 2"
                    if [ -e '%1$s/hang' ]; then echo hangs; exec sleep 60; fi
                    if [ -e '%1$s/truncate' ]; then head -c 300 '%1$s/pool/linux_1.deb' >"$folder/cache/archives/linux_1.deb"; exit 0; fi
                    cp '%1$s'/pool/*.deb "$folder/cache/archives" ;;
            esac
            """;
    private static final String LIBRARIES = "usr/lib/riscv64-linux-gnu/";

    final Path folder;

    FakeArchive(Path folder) throws Exception {
        this.folder = folder;
        Files.createDirectories(folder.resolve("pool"));
        Files.writeString(folder.resolve("apt-get"), CLIENT.formatted(folder));
        Files.setPosixFilePermissions(folder.resolve("apt-get"), PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(folder.resolve("codename-trixie"), "trixie");
        Files.writeString(folder.resolve("codename-stable"), "trixie");
        offer("1");
    }

    Apt client(Path cache, Consumer<String> progress) {
        return new Apt(folder.resolve("apt-get").toString(), cache, "http://mirror.test/debian", Path.of("/keys.gpg"), progress);
    }

    /** Replaces what the archive has by another version. */
    void offer(String version) throws Exception {
        HostTool.require("dpkg-deb", "dpkg");
        Cache.delete(folder.resolve("pool"));
        Files.createDirectories(folder.resolve("pool"));
        Path tree = folder.resolve("tree");
        for (Map.Entry<String, String> link : Map.of("usr/sbin/mkfs.ext4", "mke2fs", "usr/sbin/fsck.ext4", "e2fsck", LIBRARIES + "libext2fs.so.2", "libext2fs.so.2.4").entrySet()) {
            Files.createDirectories(tree.resolve(link.getKey()).getParent());
            Files.createSymbolicLink(tree.resolve(link.getKey()), Path.of(link.getValue()));
        }
        for (String file : List.of("usr/bin/busybox", "usr/sbin/mke2fs", "usr/sbin/e2fsck", "etc/mke2fs.conf", "usr/lib/ld-linux-riscv64-lp64d.so.1", LIBRARIES + "libc.so.6",
                LIBRARIES + "ld-linux-riscv64-lp64d.so.1", LIBRARIES + "libext2fs.so.2.4", LIBRARIES + "libe2p.so.2", LIBRARIES + "libblkid.so.1", LIBRARIES + "libuuid.so.1",
                LIBRARIES + "libcom_err.so.2", "usr/share/doc/busybox/README")) {
            write(tree.resolve(file), file.getBytes());
        }
        write(tree.resolve("usr/lib/modules/6.12." + version + "/modules.builtin"), new byte[0]);
        write(tree.resolve("boot/vmlinux-6.12." + version), ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN).putInt(0x38, 0x05435352).array());
        for (String module : LinuxFiles.modules()) {
            Elf.compress(Elf.module("depends="), tree.resolve("usr/lib/modules/6.12." + version + "/kernel/" + module + KernelModule.SUFFIX));
        }
        pack(tree, "linux_" + version);
        Cache.delete(tree);
    }

    private void pack(Path tree, String name) throws Exception {
        write(tree.resolve("DEBIAN/control"), "Package: linux\nVersion: 1\nArchitecture: riscv64\nMaintainer: none\nDescription: none\n".getBytes());
        HostTool.Outcome outcome = HostTool.run(60, "dpkg-deb", "--root-owner-group", "-Zgzip", "-b", tree.toString(), folder.resolve("pool/" + name + ".deb").toString());
        assertEquals(0, outcome.exitCode(), outcome.output());
    }

    private static void write(Path file, byte[] content) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, content);
    }

    /** Has the client fail to update a suite. */
    void refuse(String suite, String output) throws IOException {
        Files.writeString(folder.resolve("refuse-" + suite), output);
    }

    /** Switches on or off: hang, truncate. */
    void have(String fault, boolean on) throws IOException {
        if (on) {
            Files.writeString(folder.resolve(fault), "");
        } else {
            Files.delete(folder.resolve(fault));
        }
    }

    /** How often the client was called for something. */
    long calls(String what) throws IOException {
        Path calls = folder.resolve("calls");
        return Files.exists(calls) ? Files.readAllLines(calls).stream().filter(line -> line.contains(what)).count() : 0;
    }
}
