package patch

import (
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/pkg/patch/internal/source"
)

// verify proves an edit: the file as edited has the same documents as before, node for node, except that the edited scalars have
// the new values.
func verify(name string, before, after []byte, edits []edit) error {
	was, is, err := changed(name, before, after)
	if err != nil {
		return err
	}

	c := newComparison(edits)
	for i := range was {
		c.was, c.is = was[i], is[i]
		if err := c.nodes(c.was.Root, c.is.Root); err != nil {
			return err
		}
	}

	return nil
}

// changed is the documents of both sides that an edit touched; none of what has no documents: of text and templates the bytes outside
// the spans are equal by construction, and that is all there is to prove.
func changed(name string, before, after []byte) (was, is []*source.Doc, err error) {
	old, now := source.Whole(before), source.Whole(after)

	switch p := (&page{path: name}); {
	case p.isYAML():
		return source.ParseChanged(old, now)
	case !strings.HasSuffix(name, ".json"):
		return nil, nil, nil
	}

	if was, err = source.ParseJSON(old); err != nil {
		return nil, nil, nil //nolint:nilerr // what was no JSON before need not become it
	}

	if is, err = source.ParseJSON(now); err == nil && len(was) != len(is) {
		err = errors.New("it would have another number of documents")
	}

	return was, is, err
}

type comparison struct {
	was, is *source.Doc
	edits   []edit
	gone    []span // what a pin takes out of the old file
	come    []span // what a pin puts into the new one
}

func newComparison(edits []edit) *comparison {
	c := &comparison{edits: edits}
	shift := 0

	for _, e := range edits {
		if e.keys && e.text == "" {
			c.gone = append(c.gone, e.span)
		}

		if e.keys && e.Len() == 0 {
			c.come = append(c.come, span{Start: e.Start + shift, End: e.Start + shift + len(e.text)})
		}

		shift += len(e.text) - e.Len()
	}

	return c
}

// kept is the children of a node without the keys that an edit takes out or puts in.
func (c *comparison) kept(d *source.Doc, n *yaml.Node, without []span) []*yaml.Node {
	if n.Kind != yaml.MappingNode || len(without) == 0 {
		return n.Content
	}

	var kept []*yaml.Node

	for k, v := range source.Pairs(n) {
		at, _ := d.Start(k)
		if !slices.ContainsFunc(without, func(s span) bool { return at >= s.Start && at < s.End }) {
			kept = append(kept, k, v)
		}
	}

	return kept
}

func (c *comparison) nodes(was, is *yaml.Node) error {
	if was.Kind != is.Kind || was.Style != is.Style || was.Anchor != is.Anchor {
		return c.differs(was, is)
	}

	if was.Kind == yaml.ScalarNode || was.Kind == yaml.AliasNode {
		return c.scalars(was, is)
	}

	before, after := c.kept(c.was, was, c.gone), c.kept(c.is, is, c.come)
	if was.Tag != is.Tag || len(before) != len(after) {
		return c.differs(was, is)
	}

	for i := range before {
		if err := c.nodes(before[i], after[i]); err != nil {
			return err
		}
	}

	return nil
}

// scalars compares two values. Where they differ, the old one with the edits inside it must be the new one.
func (c *comparison) scalars(was, is *yaml.Node) error {
	if was.Value == is.Value && was.Tag == is.Tag {
		return nil
	}

	text, err := c.was.Scalar(was)
	if err != nil || is.Tag != was.Tag && is.Tag != yaml.NodeTagString || c.edited(text) != is.Value {
		return c.differs(was, is)
	}

	return nil
}

// edited is a value with the edits inside it.
func (c *comparison) edited(t source.Text) string {
	var b strings.Builder

	from := 0
	first := sort.Search(len(c.edits), func(i int) bool { return c.edits[i].Start >= t.Offset(0) })

	for _, e := range c.edits[first:] {
		if e.Start > t.Offset(len(t.String())) {
			break
		}

		i, ok := t.Index(e.Start)
		j, also := t.Index(e.End)

		if ok && also && i >= from && !e.keys {
			b.WriteString(t.String()[from:i])
			b.WriteString(e.text)

			from = j
		}
	}

	b.WriteString(t.String()[from:])

	return b.String()
}

func (c *comparison) differs(was, is *yaml.Node) error {
	return fmt.Errorf("%.60q would become %.60q", was.Value, is.Value)
}
