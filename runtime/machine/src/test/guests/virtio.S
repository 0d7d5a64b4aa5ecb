/* A driver of an entropy device that takes the shortest way which QEMU allows: no ACKNOWLEDGE, the second word of features never touched, so no VERSION_1.
   With SHORTEST there is no FEATURES_OK either; LEGACY is of before virtio 1.0, and places its queue by a page number. */
#include "board.h"
#define MAGIC           0x000
#define VERSION         0x004
#define DEVICE_ID       0x008
#define VENDOR_ID       0x00c
#define DRIVER_FEATURES 0x020
#define GUEST_PAGE_SIZE 0x028
#define QUEUE_ALIGN     0x03c
#define QUEUE_PFN       0x040
#define QUEUE_SEL       0x030
#define QUEUE_NUM       0x038
#define QUEUE_READY     0x044
#define QUEUE_NOTIFY    0x050
#define STATUS          0x070
#define QUEUE_DESC      0x080
#define QUEUE_DRIVER    0x090
#define QUEUE_DEVICE    0x0a0
#define DRIVER          2
#define DRIVER_OK       4
#define FEATURES_OK     8
#define BYTES           64

    .macro expect register, value
    lw      t0, \register(s0)
    li      t1, \value
    bne     t0, t1, fail
    .endm

    .macro set register, value
    li      t0, \value
    sw      t0, \register(s0)
    .endm

    .macro place register, symbol
    la      t0, \symbol
    sw      t0, \register(s0)
    sw      zero, \register + 4(s0)
    .endm

main:
    li      s0, VIRTIO
    expect  MAGIC, 0x74726976
#ifdef LEGACY
#define SHORTEST
    expect  VERSION, 1
    set     GUEST_PAGE_SIZE, 4096
#else
    expect  VERSION, 2
#endif
    expect  DEVICE_ID, 4
    expect  VENDOR_ID, 0x554d4551
    set     STATUS, 0
    set     STATUS, DRIVER
#ifndef SHORTEST
    set     DRIVER_FEATURES, 0
    set     STATUS, DRIVER | FEATURES_OK
    lw      t0, STATUS(s0)
    andi    t0, t0, FEATURES_OK
    beqz    t0, fail
#endif
    set     QUEUE_SEL, 0
    set     QUEUE_NUM, 8
#ifdef LEGACY
    set     QUEUE_ALIGN, 4096
    la      t0, descriptors
    srli    t0, t0, 12
    sw      t0, QUEUE_PFN(s0)
#else
    place   QUEUE_DESC, descriptors
    place   QUEUE_DRIVER, available
    place   QUEUE_DEVICE, used
    set     QUEUE_READY, 1
#endif
    lw      t0, STATUS(s0)
    ori     t0, t0, DRIVER_OK
    sw      t0, STATUS(s0)

    la      t0, descriptors             # one descriptor: BYTES bytes for the device to write
    la      t1, buffer
    sd      t1, 0(t0)
    li      t1, BYTES
    sw      t1, 8(t0)
    li      t1, 2
    sh      t1, 12(t0)
    la      t0, available
    li      t1, 1
    fence
    sh      t1, 2(t0)
    fence
    set     QUEUE_NOTIFY, 0
    la      s1, used
1:  lhu     t0, 2(s1)
    beqz    t0, 1b
    lw      t0, 8(s1)                   # the length of the first element
    li      t1, BYTES
    bne     t0, t1, fail
    la      t0, buffer                  # random bytes are not all zero
    ld      t1, 0(t0)
    ld      t2, 8(t0)
    or      t1, t1, t2
    beqz    t1, fail
    j       pass

    .bss
    .balign 4096
descriptors:
    .skip   16 * 8
available:
    .skip   6 + 2 * 8
    .balign 4096
used:
    .skip   6 + 8 * 8
    .balign 8
buffer:
    .skip   BYTES
