/* A driver that sends by interrupts, on a machine of one hart, and computes when all is sent. What its handler does is chosen by one of
   LINUX   reads IIR, sends 16 bytes at once, turns the interrupt off when it has no more
   BOOK    reads IIR, sends one byte, leaves the interrupt on
   XV6     never reads IIR: looks at LSR, sends one byte, leaves the interrupt on
   BLIND   never reads IIR nor LSR, and touches nothing when it has no more to send
   TARDY   as BLIND, and 3 ms pass between what it sends and the end of its handler, as on a host that is busy */
#include "board.h"
#define THR     0
#define IER     1
#define IIR     2
#define LSR     5
#define ETBEI   2
#define IIR_THR 2
#define THRE    0x20
#define LENGTH  64
#define ROUNDS  3000000
#define TICKS   30000               /* of mtime: 3 ms */

main:
    li      s0, UART
    li      s1, 0                       # bytes sent
    la      s2, text
    la      t0, handler
    csrw    mtvec, t0
    li      t0, PLIC
    li      t1, 1
    sw      t1, 4 * UART_SOURCE(t0)     # priority
    li      t0, PLIC + 0x2000
    li      t1, 1 << UART_SOURCE
    sw      t1, 0(t0)                   # enabled for M-mode of hart 0
    li      s3, PLIC + 0x200000
    sw      zero, 0(s3)                 # threshold
    li      t0, 1 << 11
    csrw    mie, t0
    csrsi   mstatus, 8
    li      t0, ETBEI
    sb      t0, IER(s0)
1:  li      t0, LENGTH
    bltu    s1, t0, 1b
    li      t0, ROUNDS
2:  addi    t0, t0, -1
    bnez    t0, 2b
    j       pass

    .balign 4
handler:
    addi    sp, sp, -32
    sd      t0, 0(sp)
    sd      t1, 8(sp)
    sd      t2, 16(sp)
    lw      t2, 4(s3)                   # claim
#if defined(LINUX) || defined(BOOK)
    lbu     t0, IIR(s0)
    andi    t0, t0, 0xf
    li      t1, IIR_THR
    bne     t0, t1, 9f
#endif
#if defined(LINUX) || defined(XV6)
    lbu     t0, LSR(s0)
    andi    t0, t0, THRE
    beqz    t0, 9f
#endif
#ifdef LINUX
    li      t1, 16
#else
    li      t1, 1
#endif
1:  li      t0, LENGTH
    bgeu    s1, t0, 8f
    add     t0, s2, s1
    lbu     t0, 0(t0)
    sb      t0, THR(s0)
    addi    s1, s1, 1
    addi    t1, t1, -1
    bnez    t1, 1b
#ifdef TARDY
    csrr    t0, time
    li      t1, TICKS
    add     t0, t0, t1
2:  csrr    t1, time
    bltu    t1, t0, 2b
#endif
    j       9f
8:
#ifdef LINUX
    sb      zero, IER(s0)
#endif
9:  sw      t2, 4(s3)                   # complete
    ld      t0, 0(sp)
    ld      t1, 8(sp)
    ld      t2, 16(sp)
    addi    sp, sp, 32
    mret

    .section .rodata
text:
    .ascii  "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.\n"
