"""The vocabulary of dates: Arabic, French and English words, and what each may be.

What a word may be is its *tag*, one letter. The tags of a text make a short string, and
the grammar is written as regular expressions over it:

===  =======================================  ========================================
tag  what                                     such as
===  =======================================  ========================================
M m  Gregorian month, sure or not             سبتمبر, juillet; مارس, avril
E e  the same with an English name            September; May
w    a month only between a day and a year    may, sept, Mars
H h  Hijri month, sure or not                 ذو القعدة; رجب
0    صفر, Hijri month and zero
W V  day of the week; V stands alone          الاثنين, Monday; lundi
D C  today and its like, sure or not          أمس, hier; غدا
P    day, or part of one                      يوم, مساء, soir
U    week                                     الأسبوع, semaine
K    month                                    شهر, mois
Y    year                                     عام, سنة, année
c    century                                  القرن
k    what a year is called                    الدراسي, scolaire
Q q  last, this, next: after, before a noun   الماضي, dernier; هذا, last
X    ten years of a century                   التسعينيات
N    years, in the plural                     années
o t  an ordinal, and what may complete it     السادس; عشر, والعشرين
g    the first                                فاتح, premier
f    of, from                                 من, de
p i  in; other words before a time            في, en, in; منذ, depuis, until
r    to                                       إلى, au
a    and                                      و, et
b    between                                  بين, entre
l    the article, of French and English       le, the
s    part of a year, or its season            مطلع, fin, été
A J  common era, Hijri era                    م; هـ
B    before the common era                    ق.م, av. J.-C., BC
~    the day that a weekday fell on           الموافق
u    makes no day of what follows             كل, chaque; ذلك; جريدة
j    makes no day of what stands before       الوطني, نفسه
v    a part, so that an ordinal is not a day   النصف
G    whose general (العام) is no year         الأمين
%    what is counted                          متر, euros, people
S    ending of a written number               er, th
n d  number to 12, to 31
y    number of four figures, 1000-2100
Z T  ten years in figures                     1990s; 90s
#    any other number
x    anything else
===  =======================================  ========================================

What stands between two words is a tag as well: a space, ``, . : / - ( )``, or ``x``.
"""

ARABIC_WORDS = (
    ("W", 1, "الثلثاء"),
    ("D", 0, "اليوم"),
    ("D", -1, "أمس الأمس البارحة"),
    ("C", 1, "غدا غد"),
    ("P", 0, "يوم يومي مساء صباح ظهر عصر فجر ليلة عشية نهار ليل"),
    ("P", 0, "صبيحة أمسية منتصف_ليل"),
    ("U", 0, "الأسبوع أسبوع"),
    ("K", 0, "شهر الشهر شهري أشهر"),
    ("Y", 0, "عام العام عامي سنة السنة سنتي"),
    ("c", 0, "القرن"),
    (
        "k",
        0,
        "الدراسي الدراسية الهجري الهجرية الميلادي المالي المالية الجامعي الجامعية",
    ),
    ("Q", -1, "الماضي الماضية المنصرم المنصرمة الفائت الفائتة المنقضي المنقضية"),
    ("Q", 0, "الجاري الجارية الحالي الحالية"),
    ("Q", 1, "المقبل المقبلة القادم القادمة"),
    ("q", 0, "هذا هذه"),
    ("o", 1, "الأول الحادي"),
    ("o", 2, "الثاني"),
    ("o", 3, "الثالث"),
    ("o", 4, "الرابع"),
    ("o", 5, "الخامس"),
    ("o", 6, "السادس"),
    ("o", 7, "السابع"),
    ("o", 8, "الثامن"),
    ("o", 9, "التاسع"),
    ("o", 10, "العاشر"),
    ("o", 20, "العشرين العشرون"),
    ("o", 30, "الثلاثين الثلاثون"),
    ("v", 0, "النصف الثلث الربع الشطر الفصل العشر الأسبوعين"),
    ("t", 10, "عشر"),
    ("t", 20, "والعشرين والعشرون"),
    ("t", 30, "والثلاثين والثلاثون"),
    ("g", 1, "أول فاتح غرة"),
    ("f", 0, "من"),
    ("p", 0, "في"),
    ("i", 0, "منذ خلال حتى بحلول قبل بعد طيلة طوال"),
    ("r", 0, "إلى لغاية"),
    ("a", 0, "و"),
    ("b", 0, "بين"),
    ("s", 0, "نهاية بداية مطلع مستهل أوائل أواخر منتصف أواسط ختام غضون"),
    ("s", 0, "صيف شتاء ربيع خريف موسم الموسم مونديال خلال_موسم"),
    ("A", 0, "م ميلادية ميلادي للميلاد"),
    ("J", 0, "ه هجرية هجري للهجرة"),
    ("~", 0, "الموافق الموافقة الموافقه"),
    ("u", 0, "كل ذلك أخبار صحيفة جريدة موقع المصري روسيا رأي عين"),
    ("j", 0, "الوطني العالمي الدولي العربي التالي الموالي الأخير الواحد نفسه ذاته"),
    ("j", 0, "نفسها ذاتها السابق الدراسي المفتوح الإعلامي الحاجة المذكور التحسيسي"),
    ("G", 0, "الأمين المدير المدعي الرأي القطاع النائب المجلس المؤتمر الكاتب"),
    ("G", 0, "المفتش السكرتير القائد المراقب المستشفى الحاكم المشرف المنسق"),
    ("%", 0, "متر مترا كلم كيلومتر دولار درهم ريال دينار يورو جنيه ليرة طن كيلوغرام"),
    ("%", 0, "ألف مليون مليار شخص شخصا عمره عمرها العمر عمرهم سنوات سنين برميل ميل"),
)

# Ages are given the same way, so the twenties are years only beside their century.
ARABIC_TENS = {
    20: "عشرين",
    30: "ثلاثين",
    40: "أربعين",
    50: "خمسين",
    60: "ستين",
    70: "سبعين",
    80: "ثمانين",
    90: "تسعين",
}

FRENCH_WORDS = (
    ("D", 0, "aujourd'hui"),
    ("D", -1, "hier"),
    ("D", 1, "demain"),
    ("P", 0, "matin soir nuit après-midi midi matinée soirée"),
    ("U", 0, "semaine"),
    ("K", 0, "mois"),
    ("Y", 0, "année l'an"),
    ("N", 0, "années"),
    ("k", 0, "scolaire universitaire judiciaire"),
    ("Q", -1, "dernier dernière passé passée écoulé écoulée"),
    ("Q", 0, "courant"),
    ("Q", 1, "prochain prochaine"),
    ("q", 0, "ce cet cette"),
    ("g", 1, "premier"),
    ("f", 0, "de du"),
    ("p", 0, "en"),
    ("i", 0, "depuis avant après durant pendant"),
    ("r", 0, "au à jusqu'au jusqu'en"),
    ("a", 0, "et"),
    ("b", 0, "entre"),
    ("l", 0, "le la les"),
    ("s", 0, "fin début mi courant saison été hiver printemps automne mondial rentrée"),
    ("B", 0, "av"),
    ("u", 0, "chaque tous un"),
    ("%", 0, "euros dollars dirhams francs km mètres ans heures millions personnes"),
    ("S", 0, "er ère re e ème nd nde"),
)

ENGLISH_WORDS = (
    ("D", 0, "today"),
    ("D", -1, "yesterday"),
    ("D", 1, "tomorrow"),
    ("P", 0, "on morning afternoon evening night"),
    ("U", 0, "week"),
    ("K", 0, "month"),
    ("Y", 0, "year"),
    ("k", 0, "academic fiscal"),
    ("q", -1, "last"),
    ("q", 0, "this"),
    ("q", 1, "next"),
    ("g", 1, "first"),
    ("f", 0, "of from"),
    ("p", 0, "in"),
    ("i", 0, "since until till by during before after"),
    ("r", 0, "to through"),
    ("a", 0, "and"),
    ("b", 0, "between"),
    ("l", 0, "the"),
    ("s", 0, "end start beginning early late mid summer spring autumn winter season"),
    ("A", 0, "ad ce"),
    ("B", 0, "bc bce"),
    ("u", 0, "every each usa"),
    ("%", 0, "people dollars pounds euros miles km metres years hours million per"),
    ("S", 0, "st nd rd th s"),
)
