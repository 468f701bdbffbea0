package autostart

import (
	"encoding/xml"
	"errors"
	"fmt"
	"strings"
)

// This file writes and reads property lists of launchd, see launchd.plist(5). It needs nothing of macOS.

const plistHead = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
`

// plist returns the text of a launch agent that starts the program once, when its user has logged in to the desktop. The system's
// settings show it under the name of the app with this id.
func plist(e Entry, program string) (string, error) {
	if !writable(program) {
		return "", ErrPath
	}
	var args strings.Builder
	for _, arg := range append([]string{program}, e.Args...) {
		fmt.Fprintf(&args, "\t\t<string>%s</string>\n", escapeXML(arg))
	}
	id := escapeXML(e.ID)
	return plistHead + `<plist version="1.0">
<dict>
	<key>Label</key>
	<string>` + id + `</string>
	<key>AssociatedBundleIdentifiers</key>
	<string>` + id + `</string>
	<key>ProgramArguments</key>
	<array>
` + args.String() + `	</array>
	<key>RunAtLoad</key>
	<true/>
	<key>LimitLoadToSessionType</key>
	<string>Aqua</string>
	<key>ProcessType</key>
	<string>Interactive</string>
</dict>
</plist>
`, nil
}

func escapeXML(s string) string {
	var escaped strings.Builder
	_ = xml.EscapeText(&escaped, []byte(s)) // a strings.Builder takes everything
	return escaped.String()
}

// errPlist says that a property list is in no form that this program reads, such as the binary one.
var errPlist = errors.New("it is not a property list in XML")

// readPlist reads what a launch agent says, also if another program has written it.
func readPlist(text string) (kept, error) {
	var file struct {
		Dict struct {
			Parts []struct {
				XMLName xml.Name
				Text    string   `xml:",chardata"`
				Strings []string `xml:"string"`
			} `xml:",any"`
		} `xml:"dict"`
	}
	if err := xml.Unmarshal([]byte(text), &file); err != nil {
		return kept{}, errPlist
	}
	key, atLoad, disabled, k := "", false, false, kept{}
	for _, part := range file.Dict.Parts {
		switch name := part.XMLName.Local; {
		case name == "key":
			key = part.Text
		case key == "RunAtLoad":
			atLoad = name == "true"
		case key == "Disabled":
			disabled = name == "true"
		case key == "ProgramArguments" && len(part.Strings) > 0:
			k.program = part.Strings[0]
		}
	}
	k.on = atLoad && !disabled
	return k, nil
}
