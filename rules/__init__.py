"""Pure rules of the domain: no clock, no I/O, no library of ours below; `today` is always an argument."""
