package patch

import "strings"

// wanted is what a reference shall name.
type wanted struct{ tag, digest string }

func (w wanted) String() string { return named(w.tag, w.digest) }

func named(tag, digest string) string {
	if digest == "" {
		return tag
	}

	return strings.TrimPrefix(tag+"@"+digest, "@")
}

// want says what a reference shall name at the target; not ok when it names nothing or that can't be known.
func (p *planner) want(r *Reference) (w wanted, ok bool) {
	hasTag, hasDigest := r.at.tag.Len() > 0, r.at.digest.Len() > 0
	if !hasTag && !hasDigest || r.at.elsewhere {
		return w, false // decided elsewhere
	}

	if r.pinnable() {
		switch p.to.Pin {
		case PinTag:
			hasTag, hasDigest = true, false
		case PinDigest:
			hasTag, hasDigest = false, true
		case PinTagDigest:
			hasTag, hasDigest = true, true
		case PinAsIs:
		}
	}

	if hasTag {
		w.tag = p.tag(r)
	}

	if hasDigest {
		if w.digest = p.to.Digests[r.Image]; w.digest == "" {
			p.failf(r.File, r.Line, "%s is pinned by digest, and the digest of %s is not known: give it with --digest %s=sha256:…",
				r.Image, p.tag(r), r.Image)

			return w, false
		}
	}

	return w, true
}

// tag is the tag of the release as the place spells it.
func (p *planner) tag(r *Reference) string {
	tag := p.to.Version.Tag()
	if !strings.HasSuffix(tag, r.family.TagSuffix) {
		tag += r.family.TagSuffix
	}

	if r.at.spell != nil {
		return r.at.spell(tag)
	}

	return tag
}

// pinnable tells a place that can name a digest: an image, or an entry with a field for one.
func (r *Reference) pinnable() bool {
	return r.at.variable == "" && r.Form != Markdown && (r.at.fields != nil || r.at.image.Len() > 0)
}

// edits is what changes in the file; not ok when it can't be done safely.
func (r *Reference) edits(w wanted) ([]edit, bool) {
	same := (w.tag == "") == (r.at.tag.Len() == 0) && (w.digest == "") == (r.at.digest.Len() == 0)
	if r.at.fields == nil || same || r.at.fields.joined && w.tag != "" {
		return r.inline(w), true
	}

	return r.at.fields.edits(w)
}

// inline changes image:tag@digest; what is not wanted goes with its : or @, and what is new comes after the other.
func (r *Reference) inline(w wanted) []edit {
	tag, digest := r.at.tag, r.at.digest

	var edits []edit

	switch {
	case tag.Len() > 0 && w.tag != "":
		edits = append(edits, edit{span: tag, text: w.tag})
	case tag.Len() > 0:
		edits = append(edits, edit{span: span{Start: tag.Start - 1, End: tag.End}})
	case w.tag != "":
		edits = append(edits, edit{span: span{Start: digest.Start - 1, End: digest.Start - 1}, text: ":" + w.tag})
	}

	switch {
	case digest.Len() > 0 && w.digest != "":
		edits = append(edits, edit{span: digest, text: w.digest})
	case digest.Len() > 0:
		edits = append(edits, edit{span: span{Start: digest.Start - 1, End: digest.End}})
	case w.digest != "":
		edits = append(edits, edit{span: span{Start: tag.End, End: tag.End}, text: "@" + w.digest})
	}

	return edits
}
