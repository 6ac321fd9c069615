package config

import "net/netip"

// Pages are the pages of bot serve, and who may look at them.
type Pages struct {
	// Enabled serves them. Default: true.
	Enabled bool
	// TokenFrom is where the token is that is asked for; nil: none is.
	TokenFrom *Source
	// Proxy is a proxy in front that knows who people are; nil: there is none.
	Proxy *Proxy
	// Hosts are names that the pages may be asked for by. Default: none; those of loopback always may, and with
	// TokenFrom or Proxy any.
	Hosts []string
}

// Proxy is a proxy that says in a header who is asking.
type Proxy struct {
	// Header that it sets.
	Header string
	// From are the addresses that it asks from.
	From []netip.Prefix
}

func pagesShape() shape[Pages] {
	return object(
		field("enabled", "Serves the pages. On an address that is not loopback they need tokenFrom or proxy, or bot serve does not start.",
			boolean(), func(p *Pages) *bool { return &p.Enabled }).like("false").def(true),
		field("tokenFrom", "Where the token is that is asked for, as a bearer token or as the password of the browser's prompt.",
			source(), func(p *Pages) **Source { return &p.TokenFrom }).like("{file: /run/secrets/dashboard}").otherwise("none is asked for"),
		field("proxy", "A proxy in front that signs people in and names them in a header.",
			optional(proxyShape(), Proxy{}), func(p *Pages) **Proxy { return &p.Proxy }).like("{header: X-Auth-Request-User, from: [10.0.0.0/8]}").otherwise("none"),
		field("hosts", "Names by which the pages may be asked for, without ports.",
			set(hostName(), 1), func(p *Pages) *[]string { return &p.Hosts }).like("[bot.example.org]").otherwise("those of loopback; any, where a token or a proxy is asked for"),
	)
}

func proxyShape() shape[Proxy] {
	return object(
		field("header", "The header in which it names who asks. The proxy must take it out of what people send.",
			matching("header's name", `^[A-Za-z][A-Za-z0-9-]{0,99}$`, "for example X-Auth-Request-User"), func(p *Proxy) *string { return &p.Header }).like("X-Auth-Request-User").must(),
		field("from", "Addresses that the proxy asks from; the header of any other is not believed.",
			set(addresses(), 1), func(p *Proxy) *[]netip.Prefix { return &p.From }).like("[10.0.0.0/8]").must(),
	)
}

func hostName() shape[string] {
	return matching("host's name", `^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$`, "write it without scheme and port")
}

// addresses is one address or a range of them.
func addresses() shape[netip.Prefix] {
	return text("address range", func(s string) (netip.Prefix, error) {
		if one, err := netip.ParseAddr(s); err == nil {
			return netip.PrefixFrom(one, one.BitLen()), nil
		}

		p, err := netip.ParsePrefix(s)
		if err != nil {
			return p, wrong("for example 10.0.0.0/8 or 10.1.2.3", "%s is not an address range", quote(s))
		}

		return p.Masked(), nil
	})
}
