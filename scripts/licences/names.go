package main

import "strings"

// signs are words that only the licence of this name has, in the order to look for them.
var signs = []struct{ words, name string }{
	{"bitstream vera is a trademark", "Bitstream Vera"},
	{"sil open font license version 1.1", "OFL-1.1"},
	{"apache license version 2.0", "Apache-2.0"},
	{"mozilla public license version 2.0", "MPL-2.0"},
	{"neither the name", "BSD-3-Clause"},
	{"redistribution and use in source and binary forms", "BSD-2-Clause"},
	{"permission is hereby granted, free of charge", "MIT"},
	{"permission to use, copy, modify, and/or distribute", "ISC"},
	{"altered source versions must be plainly marked", "Zlib"},
}

// nameOf names a licence as SPDX does; "" where it is not known.
func nameOf(text string) string {
	plain := strings.ToLower(strings.Join(strings.Fields(text), " "))
	for _, s := range signs {
		if strings.Contains(plain, s.words) {
			return s.name
		}
	}
	return ""
}

// embedded is what Fyne embeds, but has no file for.
var embedded = []work{
	{
		Name: "EmojiOne Color (font in Fyne)", Licence: "CC-BY-4.0",
		Text: "Emoji art supplied by EmojiOne, http://emojione.com. Copyright 2016 Adobe Systems Incorporated.\n\n" +
			"EmojiOne's graphics are free to use for any project, commercial or personal, under a free culture Creative Commons License " +
			"(CC-BY 4.0). Proper attribution (link back) is required for the rights to use the emoji in commercial projects.\n\n" +
			"https://creativecommons.org/licenses/by/4.0/legalcode",
	},
	{
		Name: "Material Design icons (in Fyne)", Licence: "Apache-2.0",
		Text: "Icons by Google, https://fonts.google.com/icons, and by the community at https://pictogrammers.com/library/mdi/.\n\n" +
			"Licensed under the Apache License, Version 2.0. You may obtain a copy of the License at\n\n" +
			"https://www.apache.org/licenses/LICENSE-2.0\n\n" +
			"The entries of fyne.io/systray and github.com/rymdport/portal have its full text.",
	},
}
