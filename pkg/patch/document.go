package patch

// Document is what a Markdown document says of the present, with its places in bytes: dated entries and sections are left out, and
// blocks that show a diff.
type Document struct {
	Fences []Fence
	// Code are the pieces of inline code and the texts of links.
	Code []DocumentText
}

// Fence is a fenced block.
type Fence struct {
	Info  string // what stands behind the fence, "yaml"
	Lines []DocumentText
}

// DocumentText is a piece of a document.
type DocumentText struct {
	Text   string
	Offset int // of its first byte in the document
	Line   int // counts from 1
	Link   bool
}

// ReadDocument reads a Markdown document. One that is too much to parse holds nothing: [Scan] says so.
func ReadDocument(data []byte) Document {
	var (
		out  Document
		last *block
	)

	if tooMuch(data) != "" {
		return out
	}

	p := newPage("", data, nil)

	for _, in := range readDocument(p.text).passages {
		at := in.text.Span(0, 0).Start
		piece := DocumentText{Text: in.text.String(), Offset: at, Link: in.link}
		piece.Line, _ = p.position(at)

		switch {
		case in.block == nil:
			out.Code = append(out.Code, piece)
		case in.block != last:
			out.Fences = append(out.Fences, Fence{Info: in.block.info})
			last = in.block

			fallthrough
		default:
			f := &out.Fences[len(out.Fences)-1]
			f.Lines = append(f.Lines, piece)
		}
	}

	return out
}
