      *> FUSHOCLM.cpy - areas of CALL "FUSHOCLM".  Interface 0001.
      *>
      *>   CALL "FUSHOCLM" USING FUSHOCLM-PARM FUSHOCLM-IN
      *>                         FUSHOCLM-OUT  FUSHOCLM-FINDINGS.
      *>
      *> Everything is DISPLAY: PIC X is padded with spaces, PIC 9 holds
      *> unsigned digits.  Records, capture and results are the bytes
      *> of the claim file (CP932), without line end.  A length of 0 on
      *> the way in means "up to the last byte that is not a space".
      *> Table sizes: change them with COPY ... REPLACING, in both
      *> the OCCURS or PICTURE and the VALUE that tells the subprogram.
      *> RETURN-CODE is FCLM-STATUS.
       01  FUSHOCLM-PARM.
      *> ---- filled by the caller ----
           03  FCLM-INTERFACE          PIC X(04) VALUE "0001".
      *>   CLAIM one claim; END closes the session of this run unit
           03  FCLM-FUNCTION           PIC X(08) VALUE "CLAIM".
      *>   of the texts given back: CP932, EUC-JP or UTF-8; of any
      *>   other name is complained in CP932 (status 2)
           03  FCLM-TEXT-CODE          PIC X(08) VALUE "CP932".
      *>   path of fusho.so; spaces: where it was installed
           03  FCLM-PLUGIN             PIC X(256) VALUE SPACE.
      *>   long options with spaces between them, such as
      *>   --insurer-number=77777777 --today=2026-11-09
           03  FCLM-OPTIONS            PIC X(512) VALUE SPACE.
      *>   sizes of the tables below
           03  FCLM-IN-MAX             PIC 9(06) VALUE 2000.
           03  FCLM-OUT-MAX            PIC 9(06) VALUE 2100.
           03  FCLM-TEXT-SIZE          PIC 9(06) VALUE 3000.
           03  FCLM-FINDING-MAX        PIC 9(06) VALUE 200.
      *>   IR, HM or YK; for dental claims UK and IR
           03  FCLM-HEADER             OCCURS 2.
               05  FCLM-HEADER-LEN     PIC 9(06) VALUE 0.
               05  FCLM-HEADER-TEXT    PIC X(512) VALUE SPACE.
      *>   one capture (XML or CSV) or online-check response, as its
      *>   bytes are; spaces: none
           03  FCLM-CAPTURE-LEN        PIC 9(06) VALUE 0.
           03  FCLM-CAPTURE            PIC X(32000) VALUE SPACE.
      *> ---- filled by FUSHOCLM ----
      *>   0 done, 1 done with errors found, 2 wrong usage, 3 input
      *>   cannot be processed, 4 result tables too small, 5 failed
           03  FCLM-STATUS             PIC 9(02).
      *>   0 left alone, 1 current, 2 former, 3 fusho, 4 hold
           03  FCLM-ROUTE              PIC 9(01).
           03  FCLM-EDITS              PIC 9(06).
           03  FCLM-ERRORS             PIC 9(06).
           03  FCLM-WARNINGS           PIC 9(06).
           03  FCLM-ERROR-CODE         PIC X(16).
           03  FCLM-MESSAGE            PIC X(512).
           03  FCLM-HINT               PIC X(512).
      *> The claim from RE on.
       01  FUSHOCLM-IN.
           03  FCLM-IN-COUNT           PIC 9(06) VALUE 0.
           03  FCLM-IN-REC             OCCURS 2000.
               05  FCLM-IN-LEN         PIC 9(06).
               05  FCLM-IN-TEXT        PIC X(3000).
      *> The claim as it is to be sent; as it was with status 0 or 1
      *> and no edits; empty with status 2 and above.
       01  FUSHOCLM-OUT.
           03  FCLM-OUT-COUNT          PIC 9(06).
           03  FCLM-OUT-REC            OCCURS 2100.
               05  FCLM-OUT-LEN        PIC 9(06).
               05  FCLM-OUT-TEXT       PIC X(3000).
      *> The table holds FINDING-COUNT of the FINDING-TOTAL found.
       01  FUSHOCLM-FINDINGS.
           03  FCLM-FINDING-COUNT      PIC 9(06).
           03  FCLM-FINDING-TOTAL      PIC 9(06).
           03  FCLM-FINDING            OCCURS 200.
               05  FCLM-F-CODE         PIC X(08).
      *>       error, warning or info
               05  FCLM-F-SEVERITY     PIC X(08).
      *>       which of FCLM-IN-REC; 0: the claim, or a header
               05  FCLM-F-INDEX        PIC 9(06).
               05  FCLM-F-RECORD       PIC X(04).
               05  FCLM-F-FIELD        PIC 9(06).
               05  FCLM-F-PAYER-CODE   PIC X(08).
               05  FCLM-F-FOUND        PIC X(128).
               05  FCLM-F-MESSAGE      PIC X(512).
               05  FCLM-F-HINT         PIC X(512).
