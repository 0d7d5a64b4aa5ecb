package tidemark.bench.programs;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Work for guest {@code debian}: commands of its shell and tools (BusyBox).
 *
 * @param what it spends its time with, for people
 * @param commands for its shell, in one line; a number between at signs is how much there is to do. What they print is the result, the same everywhere.
 */
record SystemProgram(String name, String what, String commands) {
    private static final Pattern AMOUNT = Pattern.compile("@(\\d+)@");

    static final List<SystemProgram> ALL = List.of(
            new SystemProgram("syscalls", "system calls: two for each byte", "dd if=/dev/zero of=/dev/null bs=1 count=@250000@ 2>&1 | head -n 2"),
            new SystemProgram("fork", "processes that end at once", "i=0; while [ $i -lt @400@ ]; do (:); i=$((i+1)); done; echo $i"),
            new SystemProgram("exec", "programs that end at once", "i=0; while [ $i -lt @200@ ]; do /bin/true; i=$((i+1)); done; echo $i"),
            new SystemProgram("pipes", "small writes through two pipes", "dd if=/dev/zero bs=512 count=@40000@ 2>/dev/null | cat | wc -c"),
            new SystemProgram("faults", "pages touched for the first time", "i=0; while [ $i -lt @20@ ]; do dd if=/dev/zero of=/dev/null bs=16M count=1 2>/dev/null;"
                    + " i=$((i+1)); done; echo $i"),
            new SystemProgram("writes", "buffered writes of short lines", "seq 1 @200000@ > /run/lines; wc /run/lines | tr -s ' '; rm /run/lines"),
            new SystemProgram("trees", "many small files, made, read and removed", "mkdir /run/tree; i=0; while [ $i -lt @600@ ]; do echo $i > /run/tree/$i; i=$((i+1));"
                    + " done; find /run/tree -type f | wc -l; cat /run/tree/* | md5sum; rm -r /run/tree"),
            new SystemProgram("disk", "ext4 on a virtio disk: format, write, read back", "mkfs.ext4 -q /dev/vda && mount /dev/vda /mnt && dd if=/dev/zero of=/mnt/zero bs=64k"
                    + " count=@400@ 2>/dev/null; seq 1 @50000@ > /mnt/lines; sync; echo 3 > /proc/sys/vm/drop_caches; cat /mnt/zero /mnt/lines | md5sum; umount /mnt"),
            new SystemProgram("sort", "numbers in random order", "seq 1 @60000@ | awk '{print ($1*7919)%60013}' | sort -n | md5sum"),
            new SystemProgram("compress", "gzip and back", "seq 1 @150000@ | gzip -c | gunzip -c | md5sum"),
            new SystemProgram("hash", "SHA-256", "dd if=/dev/zero bs=64k count=@250@ 2>/dev/null | sha256sum"),
            new SystemProgram("awk", "an interpreter that computes", "awk 'BEGIN { for (i = 0; i < @300000@; i++) s += i * i % 7; print s }'"));

    /** @param percent of the amounts */
    SystemProgram scaled(int percent) {
        return new SystemProgram(name, what, AMOUNT.matcher(commands).replaceAll(amount -> Long.toString(Math.max(1, Long.parseLong(amount.group(1)) * percent / 100))));
    }

    /** What is typed at the prompt. A shell's echo of it has no line that is a mark. */
    String typed() {
        return "echo BEGIN$((0)) " + name + "; { " + commands + "; }; echo END$((0)) " + name + "\n";
    }

    Pattern begin() {
        return Pattern.compile("(?m)^BEGIN0 " + name + "\n");
    }

    Pattern end() {
        return Pattern.compile("(?m)^END0 " + name + "\n");
    }

    /** What it printed. @param console what the guest has printed, with both marks */
    String result(String console) {
        String begin = "\nBEGIN0 " + name + "\n";
        int from = console.indexOf(begin) + begin.length();
        return console.substring(from, console.indexOf("END0 " + name + "\n", from)).strip();
    }
}
