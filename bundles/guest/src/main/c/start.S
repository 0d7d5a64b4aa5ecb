# Entry in M-mode at the start of RAM: a0 = hart id, a1 = physical address of the device tree. Hart 0 runs the guest, the others what it has for them.
    .set    OTHER_HARTS, 7
    .set    OTHER_STACK_LOG, 12

    .section .start, "ax"
    .globl _start
_start:
    csrw    mie, zero
    .option push
    .option norelax
    la      gp, __global_pointer$
    .option pop
    la      t0, trap_entry
    csrw    mtvec, t0
    li      t0, 1 << 13                 # mstatus.FS = Initial
    csrs    mstatus, t0
    csrw    fcsr, zero
    bnez    a0, other
    la      sp, stack_top
    la      t0, bss_start
    la      t1, bss_end
1:  bgeu    t0, t1, 2f
    sd      zero, 0(t0)
    addi    t0, t0, 8
    j       1b
2:  mv      a0, a1
    call    run
park:
    wfi
    j       park

other:
    li      t0, OTHER_HARTS
    bgtu    a0, t0, park
    slli    t0, a0, OTHER_STACK_LOG
    la      sp, other_stacks
    add     sp, sp, t0
    call    other_hart
    j       park

    .balign 4                           # mtvec.BASE
trap_entry:                             # no trap is expected, so none returns
    csrr    a0, mcause
    csrr    a1, mepc
    csrr    a2, mtval
    la      sp, stack_top
    call    unexpected_trap
    j       park

    .section .stack, "aw", @nobits
    .balign 16
other_stacks:
    .skip   OTHER_HARTS << OTHER_STACK_LOG
    .skip   0x10000
    .globl stack_top
stack_top:
