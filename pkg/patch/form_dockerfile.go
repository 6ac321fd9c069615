package patch

import (
	"strings"

	"github.com/goingdark-social/bot/internal/lazyre"
)

// dockerfiles finds what images are built from: FROM and COPY --from, with the ARG that a tag is read from as its variable.
type dockerfiles struct{}

var (
	fromLine = lazyre.New(`(?im)^[ \t]*(?:FROM[ \t]+(?:--platform=\S+[ \t]+)?|(?:COPY|ADD)[ \t]+(?:--\S+[ \t]+)*--from=)(\S+)`)
	dockery  = lazyre.New(`(?i)^(?:docker|container)file(?:\..*)?$|\.(?:docker|container)file$`)
)

func (dockerfiles) find(p *page) {
	if !dockery.MatchString(p.base()) {
		return
	}

	text := p.text.String()

	for _, m := range fromLine.FindAllStringSubmatchIndex(text, -1) {
		from, to := m[2], m[3]
		for _, quote := range []string{`"`, `'`} {
			if strings.HasPrefix(text[from:to], quote) && strings.HasSuffix(text[from:to], quote) {
				from, to = from+1, to-1
			}
		}

		if r := p.image(Dockerfile, p.text.Slice(from, to)); r != nil {
			r.at.weak = true
			p.decider(r)
		}
	}
}
