"""How fast a national register answers, beside SQL written by hand for the same answer."""
