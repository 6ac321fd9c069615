package config

import (
	"net"
	"strconv"
)

// address is host:port; no host means every interface.
func address() shape[string] {
	s := text("host:port", func(s string) (string, error) {
		host, port, err := net.SplitHostPort(s)
		n, convErr := strconv.ParseUint(port, 10, 16)
		if err != nil || convErr != nil || printable(host) != nil {
			return "", wrong("write 127.0.0.1:8080, or :8080 for every interface", "%s is not host:port", quote(s))
		}
		return net.JoinHostPort(host, strconv.FormatUint(n, 10)), nil
	})
	s.schema.Pattern = `^\S*:[0-9]{1,5}$`
	return s
}
