"""Floor 3: the kernel. Every matter has an owner, a clock, a journal and a light; move() is the only way to change one."""
