package inventory

import (
	"net/url"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/internal/node"
)

// environment resolves what each container's environment names, now that every file has been read.
func (t *taker) environment() {
	all := map[settingKey]*[]Component{}
	var order []Setting
	for _, u := range t.uses {
		listed := t.kustomize.listed(u.object.File)
		for _, s := range t.resolve(u, listed) {
			if !listed {
				continue // never applied, so it sets nothing
			}
			if s.Known {
				s.Value, s.Known = plain(s.Name, s.Value)
			}
			if all[s.key()] == nil {
				all[s.key()] = &[]Component{}
				order = append(order, s)
			}
			if c := all[s.key()]; !slices.Contains(*c, u.component) {
				*c = append(*c, u.component)
			}
		}
	}
	for _, s := range order {
		s.Components = *all[s.key()]
		slices.Sort(s.Components)
		t.inv.Settings = append(t.inv.Settings, s)
	}
}

// resolve lists one container's variables, and tells its migrate Job what matters there.
func (t *taker) resolve(u use, listed bool) []Setting {
	var out []Setting
	var needs []Need
	for _, from := range node.Items(node.Get(u.container, "envFrom")) {
		for _, kind := range []string{"ConfigMap", "Secret"} {
			ref := node.Get(from, refKey(kind))
			if ref == nil {
				continue
			}
			name, prefix := node.Text(node.Get(ref, "name")), node.Text(node.Get(from, "prefix"))
			if !node.Truth(node.Get(ref, "optional")) {
				needs = append(needs, t.need(kind, name, u.object, ref))
			}
			if key := kind + " " + name; listed && (t.opaque[key] || len(t.sources[key]) == 0) {
				t.inv.Opaque = append(t.inv.Opaque, t.need(kind, name, u.object, ref))
			}
			for _, s := range t.sources[kind+" "+name] {
				out = append(out, Setting{Name: prefix + s.name, Value: s.value, Known: s.known, Via: kind + " " + name, File: s.file, Line: s.line})
			}
		}
	}
	for _, item := range node.Items(node.Get(u.container, "env")) {
		value := node.Get(item, "value")
		s := Setting{Name: node.Text(node.Get(item, "name")), Value: node.Text(value), Known: node.Get(item, "valueFrom") == nil}
		s.File, s.Line = t.place(u.object, node.Get(item, "name"))
		out = append(out, s)
		for _, kind := range []string{"ConfigMap", "Secret"} {
			if ref := node.Get(item, "valueFrom", keyRefKey(kind)); ref != nil && !node.Truth(node.Get(ref, "optional")) {
				needs = append(needs, t.need(kind, node.Text(node.Get(ref, "name")), u.object, ref))
			}
		}
	}
	if u.job >= 0 {
		t.job(&t.inv.MigrateJobs[u.job], u, out, append(needs, t.volumes(u)...))
	}
	return out
}

// job completes a migrate Job by its environment.
func (t *taker) job(j *Job, u use, set []Setting, needs []Need) {
	for _, s := range set {
		switch s.Name {
		case skipPost:
			j.SkipPost = true
		case "DB_HOST":
			j.Host = s.Value // later ones win, as in a container
		case "DATABASE_URL":
			j.Host = or(hostOf(s.Value), j.Host)
		}
	}
	for _, w := range fields(words(node.Get(u.container, "command")) + " " + words(node.Get(u.container, "args"))) {
		if v, ok := strings.CutPrefix(w, "DB_HOST="); ok {
			j.Host = v
		}
	}
	slices.SortFunc(needs, func(a, b Need) int { return strings.Compare(a.Kind+a.Name, b.Kind+b.Name) })
	j.Needs = slices.CompactFunc(append(j.Needs, needs...), func(a, b Need) bool { return a.Kind == b.Kind && a.Name == b.Name })
}

// volumes are the ConfigMaps and Secrets that a pod mounts.
func (t *taker) volumes(u use) []Need {
	var out []Need
	add := func(kind string, ref *yaml.Node, name string) {
		if ref != nil && !node.Truth(node.Get(ref, "optional")) {
			out = append(out, t.need(kind, node.Text(node.Get(ref, name)), u.object, ref))
		}
	}
	for _, v := range node.Items(node.Get(u.pod, "volumes")) {
		add("Secret", node.Get(v, "secret"), "secretName")
		add("ConfigMap", node.Get(v, "configMap"), "name")
		for _, source := range node.Items(node.Get(v, "projected", "sources")) {
			add("Secret", node.Get(source, "secret"), "name")
			add("ConfigMap", node.Get(source, "configMap"), "name")
		}
	}
	return out
}

func (t *taker) need(kind, name string, o Object, ref *yaml.Node) Need {
	by := t.makers[kind+" "+name]
	if by == "" && kind == "Secret" {
		by = t.operatorSecret(name)
	}
	n := Need{Kind: kind, Name: name, MadeBy: by, Fixed: t.fixed[kind+" "+name]}
	n.File, n.Line = t.place(o, ref)
	return n
}

// named are the ConfigMaps and Secrets that containers here take variables from or mount.
func (t *taker) named() []string {
	var out []string
	for _, u := range t.uses {
		for _, from := range node.Items(node.Get(u.container, "envFrom")) {
			out = append(out, node.Text(node.Get(from, "configMapRef", "name")), node.Text(node.Get(from, "secretRef", "name")))
		}
		for _, item := range node.Items(node.Get(u.container, "env")) {
			out = append(out, node.Text(node.Get(item, "valueFrom", "configMapKeyRef", "name")), node.Text(node.Get(item, "valueFrom", "secretKeyRef", "name")))
		}
		for _, n := range t.volumes(u) {
			out = append(out, n.Name)
		}
	}
	slices.Sort(out)
	return slices.DeleteFunc(slices.Compact(out), func(name string) bool { return name == "" })
}

// operatorSecret names the database object whose operator makes a Secret of that name.
func (t *taker) operatorSecret(name string) string {
	for _, db := range t.inv.Databases {
		switch db.By {
		case "zalando":
			if strings.HasSuffix(name, "."+db.Name+".credentials.postgresql.acid.zalan.do") {
				return db.Kind
			}
		case "cloudnative-pg":
			if rest, ok := strings.CutPrefix(name, db.Name+"-"); ok && slices.Contains([]string{"app", "superuser", "ca", "server", "replication"}, rest) {
				return db.Kind
			}
		case "crunchy":
			if strings.HasPrefix(name, db.Name+"-pguser-") {
				return db.Kind
			}
		}
	}
	return ""
}

func refKey(kind string) string {
	if kind == "Secret" {
		return "secretRef"
	}
	return "configMapRef"
}

func keyRefKey(kind string) string {
	if kind == "Secret" {
		return "secretKeyRef"
	}
	return "configMapKeyRef"
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
