package special

import "github.com/goingdark-social/bot/pkg/version"

// change is a release whose folder streaming differs from that of the release before it in its line, and the first digits of
// git's hash of the folder.
type change struct{ release, tree string }

func changes() []change {
	return []change{
		{"v4.3.0", "a986989f"},
		{"v4.3.1", "a73df6d1"},
		{"v4.3.5", "88649150"},
		{"v4.3.7", "8d9a07ee"},
		{"v4.3.14", "6f7d5bfc"},
		{"v4.4.0", "40b3fe68"},
		{"v4.4.6", "ef0c1227"},
		{"v4.5.0", "4c22c5be"},
		{"v4.5.7", "85f1e1f7"},
		{"v4.6.0", "2d12e8e6"},
	}
}

// known are the newest releases of their lines that were looked at.
func known() []string { return []string{"v4.3.23", "v4.4.22", "v4.5.15", "v4.6.5"} }

// Streaming is git's hash of a release's folder streaming, its first digits: the same for two releases whose streaming servers
// have the same code of their own. It is false for what was not looked at, pre-releases among it.
func Streaming(v version.Version) (tree string, ok bool) {
	if v.Kind() != version.Release {
		return "", false
	}
	for _, last := range known() {
		if l := version.Parse(last); l.Line() == v.Line() {
			order, same := version.Compare(v, l)
			ok = same && order <= 0
		}
	}
	if !ok {
		return "", false
	}
	for _, c := range changes() {
		since := version.Parse(c.release)
		if order, same := version.Compare(since, v); same && order <= 0 && since.Line() == v.Line() {
			tree = c.tree
		}
	}
	return tree, tree != ""
}
