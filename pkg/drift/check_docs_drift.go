package drift

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/goingdark-social/bot/pkg/patch"
	"github.com/goingdark-social/bot/pkg/severity"
)

func docsDrift() Check {
	return Check{
		ID: "docs-drift", Severity: severity.Warning, Title: "notes that no longer say what the manifests say",
		Doc: `The notes are assertions. A fenced YAML block holds fragments, each behind a comment that is the path of a file; a fragment holds
if it is a subset of a document of that file, at its root or of some subtree. Maps are subsets, list items match by name, key or
KEY=value, other lists by containment. What is found: a wrong value, a missing key, a file that moved, a file that is gone; and a
version of this application in inline code that is not the one in use. Dated entries, prose in words and other software's versions
do not count. ` + "`bot drift --fix`" + ` writes the manifests' values and paths into the notes, and touches nothing else.`,
		find: findDocsDrift,
	}
}

func findDocsDrift(in *Input) []Finding {
	var out []Finding

	for _, file := range in.Application.Notes {
		data, err := fs.ReadFile(in.tree.FS, file)
		if err != nil {
			continue // the scan read it a moment ago, or said why it could not
		}

		d := patch.ReadDocument(data)
		n := notes{in: in, file: file, data: data}

		for _, fence := range d.Fences {
			out = append(out, n.fence(fence)...)
		}

		out = append(out, n.mentions(d)...)
	}

	return out
}

// notes is one document of an application.
type notes struct {
	in   *Input
	file string
	data []byte
}

func (n notes) fence(f patch.Fence) []Finding {
	var out []Finding

	for _, fragment := range fragments(f) {
		out = append(out, n.holds(fragment)...)
	}

	return out
}

// holds judges one fragment.
func (n notes) holds(f fragment) []Finding {
	file, ok := n.resolve(f.path)
	if !ok {
		return n.lost(f)
	}

	if n.others(file) {
		return nil
	}

	return n.differs(f, file)
}

// differs is what of a fragment a file does not say.
func (n notes) differs(f fragment, file string) []Finding {
	if f.fault != "" {
		return []Finding{{
			Place: Place{n.file, f.at.Line}, Name: f.path, Related: []Place{{file, 1}},
			Message: "this fragment can't be read as YAML: " + f.fault, Expected: "a part of " + file, Fix: "Write it as it stands in " + file + ".",
		}}
	}

	docs := n.in.sources.read(file)
	if len(docs) == 0 {
		return []Finding{{
			Place: Place{n.file, f.at.Line}, Name: f.path, Related: []Place{{file, 1}},
			Message: file + " holds nothing that can be read", Expected: "a part of " + file, Fix: "Correct " + file + ", or drop the fragment.",
		}}
	}

	var out []Finding

	for _, m := range compare(f.node, docs).bad {
		out = append(out, n.mismatch(f, file, m))
	}

	return out
}

// mismatch is the finding of one value or key.
func (n notes) mismatch(f fragment, file string, m mismatch) Finding {
	at := Place{n.file, f.line(m.note)}
	out := Finding{Place: at, Name: m.path, Related: []Place{{file, max(1, m.line)}}, Components: n.in.componentsIn(file)}

	if m.have == nil {
		out.Message = fmt.Sprintf("%s has no %s", file, m.path)
		out.Expected, out.Actual = "nothing of that name", m.path
		out.Fix = "Take it out of the notes, or put it into the manifest."

		return out
	}

	note, have := m.shown(m.note), m.shown(m.have)
	out.Message = fmt.Sprintf("the notes say %s is %s, and %s says %s", m.path, note, file, have)
	out.Expected, out.Actual = have, note
	out.Fix = "Write " + have + " into the notes (bot drift --fix does), or into the manifest what the notes say."

	if e, ok := f.edit(m); ok && !m.secret() {
		out.edits = []edit{e}
	}

	return out
}

// lost is a fragment whose file is not where the notes say.
func (n notes) lost(f fragment) []Finding {
	out := Finding{Place: Place{n.file, f.at.Line}, Name: f.path, Actual: f.path}

	to, ok := n.moved(f)
	if !ok {
		if !n.mine(f.path) {
			return nil
		}

		out.Message = f.path + " is gone"
		out.Expected = "a file of the tree"
		out.Fix = "Take the fragment out of the notes, or correct its path."

		return []Finding{out}
	}

	out.Message = fmt.Sprintf("%s moved to %s", f.path, to)
	out.Expected, out.Related = to, []Place{{to, 1}}
	out.Fix = "Write the new path into the notes (bot drift --fix does)."
	at := strings.Index(f.at.Text, f.path)
	out.edits = []edit{{f.at.Offset + at, f.at.Offset + at + len(f.path), to}}

	return append([]Finding{out}, n.differs(f, to)...)
}

// others tells a file of another application alone.
func (n notes) others(file string) bool {
	return !slices.Contains(n.in.Application.Files, file) && slices.Contains(n.in.foreign, file)
}
