"""Every handler runs under exactly the permissions that its synthesised role grants.

`roles` reads them from the templates, `calls` tells what a request on the wire needs, `policy` decides, and
the `door` stands in front of the services' stand-ins and refuses what AWS would refuse. `implied` is the
written table of what AWS itself calls for a role, and `uses` tells which grant nothing needs.
"""
