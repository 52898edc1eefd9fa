"""What Dondoc is made of: locked packages, their licences, known vulnerabilities, a wheel that can be built again.

Tools for those who build and release. No part of the product imports them, and none of them reaches the network.
"""
