"""The front door for a terminal: `dondoc`. Every command calls the same verbs as flows and portal, and starts fast."""
